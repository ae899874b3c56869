/** A header's attributes: those given, and those that follow from the pixels. */
import { ArgumentError, DataError } from "../../errors.js";
import type { ImageHead } from "../records/heads.js";
import { isPlainValue, type Storable } from "../records/storable.js";
import type { ImageHeader } from "./image.js";
import { STATISTICS } from "./statistics.js";

const COMPUTED: ReadonlySet<string> = new Set(["nx", "ny", "nz", ...STATISTICS]);

type HeaderParts = Pick<ImageHead, "header" | "shape" | "statistics">;

/** The whole header: `nx`, `ny`, `nz` (planes of all further axes together), the statistics, and what was given. */
export function wholeHeader(parts: HeaderParts): ImageHeader {
  return completedHeader({ ...parts, header: { ...parts.header } });
}

/** The same, where `header` is the caller's own: it is completed. */
export function completedHeader({ header, shape, statistics }: HeaderParts): ImageHeader {
  const whole = header as Record<string, Storable>;
  whole.nx = shape.at(-1) ?? 1;
  whole.ny = shape.at(-2) ?? 1;
  whole.nz = planesOf(shape);
  whole.minimum = statistics.minimum;
  whole.maximum = statistics.maximum;
  whole.mean = statistics.mean;
  whole.sigma = statistics.sigma;
  whole.square_sum = statistics.square_sum;
  whole.mean_nonzero = statistics.mean_nonzero;
  whole.sigma_nonzero = statistics.sigma_nonzero;
  return whole;
}

function planesOf(shape: readonly number[]): number {
  let planes = 1;
  for (let axis = 0; axis < shape.length - 2; axis++) planes *= shape[axis]!;
  return planes;
}

/** One attribute; undefined where there is none. */
export function attributeOf(head: HeaderParts, name: string): Storable {
  if (COMPUTED.has(name)) return completedHeader({ ...head, header: {} })[name];
  return Object.hasOwn(head.header, name) ? head.header[name] : undefined;
}

/**
 * The given attributes of a header, without those that follow from the pixels.
 * @throws ArgumentError `INVALID_ARGUMENT`
 */
export function givenAttributes(header: ImageHeader | undefined): ImageHeader {
  if (header === undefined) return {};
  checkHeader(header);
  const given = Object.entries(header).filter(([name, value]) => !COMPUTED.has(name) && value !== undefined);
  return Object.fromEntries(given);
}

function checkHeader(header: unknown): void {
  if (typeof header === "object" && header !== null && isPlainValue(header)) return;
  throw new ArgumentError("INVALID_ARGUMENT", "A header is an object with the attributes by name");
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkAttributeName(name: string): string {
  if (typeof name === "string") return name;
  throw new ArgumentError("INVALID_ARGUMENT", `The name of an attribute is a text, not ${typeof name}`);
}

/**
 * A header with some attributes set; one that is set to undefined is removed.
 * @throws ArgumentError `INVALID_ARGUMENT` for those that follow from the pixels
 */
export function withAttributes(header: ImageHeader, changes: ImageHeader): ImageHeader {
  checkHeader(changes);
  const fixed = Object.keys(changes).find((name) => COMPUTED.has(name));
  if (fixed !== undefined) {
    throw new ArgumentError("INVALID_ARGUMENT", `The attribute ${fixed} follows from the pixels and cannot be set`);
  }
  const merged = Object.entries({ ...header, ...changes });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

/** Those of `names` that a header has. @throws ArgumentError `INVALID_ARGUMENT` */
export function someAttributes(header: ImageHeader, names: readonly string[]): Record<string, Storable> {
  if (!Array.isArray(names)) throw new ArgumentError("INVALID_ARGUMENT", "Names of attributes are a list of texts");
  return Object.fromEntries(names.filter((name) => Object.hasOwn(header, name)).map((name) => [name, header[name]]));
}

/** An attribute as a number, for example a limit of rendering; undefined where there is none. */
export function numericAttribute(header: ImageHeader, name: string): number | undefined {
  const value = header[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  throw new DataError("UNSUPPORTED_TYPE", `The attribute ${name} is to be a number, not ${typeof value}`);
}
