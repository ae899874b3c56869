/** Data layout messages ("The HDF5 File Format Specification", IV.A.2.i): where an object's values are. */
import type { FieldReader } from "../field-reader.js";
import { malformedHdf5, unsupportedHdf5 } from "../malformed.js";

/** Values in the header itself. */
export interface CompactLayout {
  readonly kind: "compact";
  readonly bytes: Uint8Array;
}
/** Values in one place. */
export interface ContiguousLayout {
  readonly kind: "contiguous";
  readonly address: number | undefined;
  readonly length: number;
}
/** Values in chunks of equal length, found through a B-tree of version 1. */
export interface ChunkedLayout {
  readonly kind: "chunked";
  /** Of the B-tree; undefined while there is no chunk. */
  readonly address: number | undefined;
  /** Offset of that address in the message. */
  readonly addressAt: number;
  /** Values in each chunk, by dimension. */
  readonly chunk: readonly number[];
  readonly valueSize: number;
}
export type DataLayout = CompactLayout | ContiguousLayout | ChunkedLayout;

export function readDataLayout(fields: FieldReader): DataLayout {
  const version = fields.uint8();
  if (version !== 3) throw unsupportedHdf5(`data layout version ${version}`);
  const kind = fields.uint8();
  if (kind === 0) return { kind: "compact", bytes: fields.take(fields.uint16()) };
  if (kind === 1) return { kind: "contiguous", address: fields.address(), length: fields.uint64() };
  if (kind !== 2) throw malformedHdf5(`${fields.subject}: layout ${kind} is unknown`);
  const rank = fields.uint8() - 1;
  if (rank < 1 || rank > 32) throw malformedHdf5(`${fields.subject}: chunks of ${rank} dimensions`);
  const addressAt = fields.position;
  const address = fields.address();
  const chunk = Array.from({ length: rank }, () => fields.uint32());
  if (chunk.includes(0)) throw malformedHdf5(`${fields.subject}: chunks without values`);
  return { kind: "chunked", address, addressAt, chunk, valueSize: fields.uint32() };
}
