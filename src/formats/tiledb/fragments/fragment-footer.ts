/** Reads a fragment's metadata file: the footer at its end, and the lists the footer points to. */
import { ByteCursor, malformedArray, unsupportedArray } from "../bytes/byte-reader.js";
import type { ArrayFile } from "../bytes/local-file.js";
import { decodeGenericTile } from "../bytes/tile.js";
import type { ArraySchema } from "../schema.js";

/** Most bytes of a footer, or of one list of tiles. */
const SECTION_LIMIT = 1 << 28;

/** A fragment as its metadata describes it. Lists have one entry an attribute, an unused one, and one for the dimension. */
export interface FragmentFooter {
  readonly schema: ArraySchema;
  readonly firstRow: bigint;
  readonly lastRow: bigint;
  readonly tiles: number;
  readonly lastTileCells: number;
  /** Whether cells carry the time they were written, as after a consolidation. */
  readonly hasTimestamps: boolean;
  readonly fileSizes: readonly number[];
  readonly variableSizes: readonly number[];
  /** Where in the metadata file the lists of tiles begin: positions in the two files, bytes of text. */
  readonly tileOffsetsAt: readonly number[];
  readonly variableOffsetsAt: readonly number[];
  readonly variableSizesAt: readonly number[];
}

/** @throws DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE` naming what this package does not read; FileError. */
export async function readFooter(file: ArrayFile, schemas: ReadonlyMap<string, ArraySchema>): Promise<FragmentFooter> {
  const { path, size } = file;
  const end = size - 8;
  const length = new ByteCursor(await file.read(end, size), path).size();
  if (length > Math.min(end, SECTION_LIMIT)) throw malformedArray(path, `a footer of ${length} bytes`);
  const input = new ByteCursor(await file.read(end - length, end), path);
  const version = input.uint32();
  if (version < 20 || version > 23) throw unsupportedArray(path, `a fragment of format version ${version}`);
  const schemaName = input.decodeText(input.bytes(input.size()));
  const schema = schemas.get(schemaName);
  if (!schema) throw malformedArray(path, `the schema "${schemaName}", which is missing`);
  if (input.uint8() !== 0) throw unsupportedArray(path, "a dense fragment");
  if (input.uint8() !== 0) throw malformedArray(path, "a fragment without rows");
  const [firstRow, lastRow] = [input.int64(), input.int64()];
  const [tiles, lastTileCells] = [input.size(), input.size()];
  const hasTimestamps = input.uint8() !== 0;
  if (input.uint8() !== 0) throw unsupportedArray(path, "a fragment with delete marks");
  const slots = schema.attributes.length + 2 + (hasTimestamps ? 1 : 0);
  const [fileSizes, variableSizes] = [input.sizes(slots), input.sizes(slots)];
  // Sizes of the validity files, then the position of the R-tree.
  input.sizes(slots + 1);
  const [tileOffsetsAt, variableOffsetsAt] = [input.sizes(slots), input.sizes(slots)];
  const variableSizesAt = input.sizes(slots);
  if (tiles < 1 || lastTileCells < 1 || lastTileCells > schema.capacity || lastRow < firstRow) {
    throw malformedArray(
      path,
      `${tiles} tiles, ${lastTileCells} cells in the last, for rows ${firstRow} to ${lastRow}`,
    );
  }
  return {
    schema,
    firstRow,
    lastRow,
    tiles,
    lastTileCells,
    hasTimestamps,
    fileSizes,
    variableSizes,
    tileOffsetsAt,
    variableOffsetsAt,
    variableSizesAt,
  };
}

/** Bytes of a generic tile's header up to its pipeline; its first two sizes say how long the tile is. */
const TILE_HEADER = 34;

/** One of the lists of a footer: a generic tile of a count and as many uint64. */
export async function readList(file: ArrayFile, at: number, count: number): Promise<number[]> {
  const { path } = file;
  const header = new ByteCursor(await file.read(at, at + TILE_HEADER), path);
  header.uint32();
  const stored = header.size();
  header.bytes(18);
  const length = TILE_HEADER + header.uint32() + stored;
  if (length > SECTION_LIMIT) throw malformedArray(path, `a list of ${length} bytes`);
  const input = await decodeGenericTile(new ByteCursor(await file.read(at, at + length), path), path);
  const found = input.count(8);
  if (found !== count) throw malformedArray(path, `a list of ${found} where ${count} belong`);
  return input.sizes(count);
}
