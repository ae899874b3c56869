/**
 * Array metadata (TileDB format specification, "Metadata"): one generic tile of entries sorted by key; files are replayed in
 * the order of their names, later keys replace earlier ones.
 */
import { type ByteCursor, malformedArray } from "./bytes/byte-reader.js";
import { ByteWriter } from "./bytes/byte-writer.js";
import { DATATYPES, FLOAT64_ID, INT64_ID, isText } from "./datatypes.js";

export type ArrayMetadataValue = string | number | bigint;
/** Entry of the secret token, which registering the array asks for. */
export const TOKEN_KEY = "SecretToken";

const TEXT = new TextEncoder();

/** Text as UTF-8, a number as float64, a bigint as int64: what TileDB-Py writes for str, float and int. */
export function encodeMetadata(entries: ReadonlyMap<string, ArrayMetadataValue>): Uint8Array {
  const out = new ByteWriter();
  const keys = [...entries.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const key of keys) {
    const value = entries.get(key)!;
    out.text(key).uint8(0);
    if (typeof value === "string") {
      const bytes = TEXT.encode(value);
      out.uint8(DATATYPES.utf8.id).uint32(bytes.length).bytes(bytes);
    } else if (typeof value === "bigint") {
      out.uint8(INT64_ID).uint32(1).uint64(value);
    } else {
      out.uint8(FLOAT64_ID).uint32(1).float64(value);
    }
  }
  return out.result();
}

/** Applies one metadata file to what the earlier ones gave. Values of other types and arrays of values are left out. */
export function decodeMetadata(input: ByteCursor, into: Map<string, ArrayMetadataValue>, path: string): void {
  while (input.remaining > 0) {
    const key = input.text();
    if (input.uint8() !== 0) {
      into.delete(key);
      continue;
    }
    const type = input.uint8();
    const count = input.uint32();
    if (isText(type) || type === 40) {
      const bytes = input.bytes(count);
      if (type !== 40) into.set(key, input.decodeText(bytes));
      continue;
    }
    const width = valueBytes(type);
    if (width === undefined) throw malformedArray(path, `metadata of datatype ${type}`);
    const values = input.bytes(count * width);
    const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
    if (count === 1 && type === INT64_ID) into.set(key, view.getBigInt64(0, true));
    else if (count === 1 && type === FLOAT64_ID) into.set(key, view.getFloat64(0, true));
  }
}

function valueBytes(type: number): number | undefined {
  if ([5, 6, 41].includes(type)) return 1;
  if ([7, 8].includes(type)) return 2;
  if ([0, 2, 9].includes(type)) return 4;
  return type === 1 || type === 3 || type === 10 || (type >= 18 && type <= 39) ? 8 : undefined;
}
