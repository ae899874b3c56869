/** Dataspace messages ("The HDF5 File Format Specification", IV.A.2.b): how many values there are. */
import type { FieldReader } from "../field-reader.js";
import { FieldWriter } from "../field-writer.js";
import { malformedHdf5 } from "../malformed.js";

export interface Dataspace {
  /** Empty for a single value; undefined where there is none at all. */
  readonly dimensions: readonly number[] | undefined;
  /** Offset of the first dimension in the message. */
  readonly dimensionsAt: number;
}

export function readDataspace(fields: FieldReader): Dataspace {
  const start = fields.position;
  const version = fields.uint8();
  const rank = fields.uint8();
  fields.skip(1);
  if (version !== 1 && version !== 2) throw malformedHdf5(`${fields.subject}: dataspace version ${version} is unknown`);
  if (rank > 32) throw malformedHdf5(`${fields.subject}: ${rank} dimensions`);
  const kind = fields.uint8();
  if (version === 1) fields.skip(4);
  const dimensionsAt = fields.position - start;
  if (version === 2 && kind === 2) return { dimensions: undefined, dimensionsAt };
  return { dimensions: Array.from({ length: rank }, () => fields.uint64()), dimensionsAt };
}

/** Number of values of a dataspace. */
export function valueCount({ dimensions }: Dataspace): number {
  return dimensions === undefined ? 0 : dimensions.reduce((a, b) => a * b, 1);
}

export function scalarDataspaceBytes(): Uint8Array {
  return new FieldWriter().uint8(1, 0, 0, 0).uint32(0).finish();
}

/** No value: how PyTables keeps an empty text. */
export function nullDataspaceBytes(): Uint8Array {
  return new FieldWriter().uint8(2, 0, 0, 2).finish();
}

/** One dimension; `growing` has no upper limit. */
export function listDataspaceBytes(length: number, growing: boolean): Uint8Array {
  return new FieldWriter()
    .uint8(1, 1, 1, 0)
    .uint32(0)
    .uint64(length)
    .address(growing ? undefined : length)
    .finish();
}
