/** Arrow's dates and times as ISO 8601 text. */

/** Units of Arrow's timestamps and times: seconds, and powers of a thousandth of it. */
export type TimeUnit = 0 | 1 | 2 | 3;

const DAY = 86_400_000;

/** A day, for example "2024-02-29"; a time of day is added if there is one. @param milliseconds since 1970 */
export function isoDate(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString();
  return milliseconds % DAY === 0 ? text.slice(0, text.indexOf("T")) : text;
}

/**
 * A point in time with all digits its unit has, for example "2024-02-29T12:00:00.000001". "Z" follows if it is in UTC,
 * as Arrow's timestamps with a time zone are.
 * @throws RangeError for a time that JavaScript's dates do not reach.
 */
export function isoTimestamp(value: bigint, unit: TimeUnit, isUtc: boolean): string {
  const { seconds, fraction } = split(value, unit);
  const text = new Date(Number(seconds) * 1000).toISOString();
  return text.slice(0, -".000Z".length) + fraction + (isUtc ? "Z" : "");
}

/** A time of day, for example "23:59:59.999". */
export function isoTime(value: bigint, unit: TimeUnit): string {
  const { seconds, fraction } = split(value, unit);
  return new Date(Number(seconds) * 1000).toISOString().slice(11, 19) + fraction;
}

function split(value: bigint, unit: TimeUnit): { seconds: bigint; fraction: string } {
  const digits = unit * 3;
  const perSecond = 10n ** BigInt(digits);
  const part = ((value % perSecond) + perSecond) % perSecond;
  const fraction = digits === 0 ? "" : `.${String(part).padStart(digits, "0")}`;
  return { seconds: (value - part) / perSecond, fraction };
}
