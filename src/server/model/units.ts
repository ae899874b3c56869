/** Symbols of the units that quantities of the model have, as OMERO writes them. */

const PREFIXES: Record<string, string> = {
  YOTTA: "Y",
  ZETTA: "Z",
  EXA: "E",
  PETA: "P",
  TERA: "T",
  GIGA: "G",
  MEGA: "M",
  KILO: "k",
  HECTO: "h",
  DECA: "da",
  DECI: "d",
  CENTI: "c",
  MILLI: "m",
  MICRO: "µ",
  NANO: "n",
  PICO: "p",
  FEMTO: "f",
  ATTO: "a",
  ZEPTO: "z",
  YOCTO: "y",
};

const BASES: Record<string, string> = {
  METER: "m",
  SECOND: "s",
  VOLT: "V",
  WATT: "W",
  HERTZ: "Hz",
  PASCAL: "Pa",
  BAR: "bar",
};

const OTHERS: Record<string, string> = {
  ANGSTROM: "Å",
  ASTRONOMICALUNIT: "ua",
  ATMOSPHERE: "atm",
  CELSIUS: "°C",
  DAY: "d",
  DEGREE: "deg",
  FAHRENHEIT: "°F",
  FOOT: "ft",
  GRAD: "gon",
  HOUR: "h",
  INCH: "in",
  KELVIN: "K",
  LIGHTYEAR: "ly",
  LINE: "li",
  MILE: "mi",
  MINUTE: "min",
  MMHG: "mm Hg",
  MTORR: "mTorr",
  PARSEC: "pc",
  PIXEL: "pixel",
  POINT: "pt",
  PSI: "psi",
  RADIAN: "rad",
  RANKINE: "°R",
  REFERENCEFRAME: "reference frame",
  THOU: "thou",
  TORR: "Torr",
  YARD: "yd",
};

/** The unit's own name where it has no symbol. */
export function unitSymbol(unit: string): string {
  const known = OTHERS[unit] ?? BASES[unit];
  if (known !== undefined) return known;
  for (const [name, symbol] of Object.entries(PREFIXES)) {
    const base = unit.startsWith(name) ? BASES[unit.slice(name.length)] : undefined;
    if (base !== undefined) return symbol + base;
  }
  return unit;
}
