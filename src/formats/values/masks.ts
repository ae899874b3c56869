/** Masks as cells: the members of OMERO's MaskColumn, as objects or as JSON text. */

import type { MaskColumn } from "../../columns/batch.js";
import { fitsInt64 } from "../../columns/int64.js";
import { valueDoesNotFit } from "./value-errors.js";

export interface MaskValue {
  readonly imageId: number | bigint;
  readonly theZ: number;
  readonly theT: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** The bits, row by row. */
  readonly bytes: Uint8Array;
}

const PLANES = ["theZ", "theT"] as const;
const BOX = ["x", "y", "w", "h"] as const;

/**
 * The mask that an object, or its JSON text with `bytes` in base64, describes.
 * @throws DataError `VALUE_DOES_NOT_FIT`
 */
export function toMask(value: unknown, column: string, row: number): MaskValue {
  const fault = () =>
    valueDoesNotFit(
      column,
      row,
      value,
      "is no mask: { imageId, theZ, theT, x, y, w, h, bytes }, with the bits in bytes",
    );
  const members = typeof value === "string" ? parseMask(value) : value;
  if (typeof members !== "object" || members === null) throw fault();
  const mask = members as Record<keyof MaskValue, unknown>;
  const { imageId } = mask;
  const isId = typeof imageId === "bigint" ? fitsInt64(imageId) : Number.isSafeInteger(imageId);
  const planes = PLANES.every((name) => typeof mask[name] === "number" && (mask[name] | 0) === mask[name]);
  const box = BOX.every((name) => typeof mask[name] === "number");
  if (!isId || !planes || !box || !(mask.bytes instanceof Uint8Array)) throw fault();
  return mask as MaskValue;
}

/** Image ids are kept exact, which JSON.parse alone would not do. */
function parseMask(text: string): Record<string, unknown> | undefined {
  let members: Record<string, unknown>;
  try {
    members = JSON.parse(text);
  } catch {
    return undefined;
  }
  const digits = /^\s*\{\s*"imageId"\s*:\s*(-?\d+)/.exec(text)?.[1];
  const imageId = digits === undefined ? members?.imageId : BigInt(digits);
  const bytes = typeof members?.bytes === "string" ? new Uint8Array(Buffer.from(members.bytes, "base64")) : undefined;
  const box = Object.fromEntries(BOX.map((name) => [name, members?.[name] === null ? Number.NaN : members?.[name]]));
  return { ...members, ...box, imageId, bytes };
}

/** A mask column's data. */
export function maskColumn(masks: readonly MaskValue[]): MaskColumn {
  const offsets = new Int32Array(masks.length + 1);
  for (const [row, { bytes }] of masks.entries()) offsets[row + 1] = offsets[row]! + bytes.length;
  const bytes = new Uint8Array(offsets[masks.length]!);
  for (const [row, mask] of masks.entries()) bytes.set(mask.bytes, offsets[row]);
  const numbers = (name: (typeof BOX)[number]) => Float64Array.from(masks, (mask) => mask[name]);
  return {
    kind: "mask",
    imageId: BigInt64Array.from(masks, ({ imageId }) => BigInt(imageId)),
    theZ: Int32Array.from(masks, ({ theZ }) => theZ),
    theT: Int32Array.from(masks, ({ theT }) => theT),
    x: numbers("x"),
    y: numbers("y"),
    w: numbers("w"),
    h: numbers("h"),
    offsets,
    bytes,
  };
}
