/**
 * A fragment's metadata file (TileDB format specification, "Fragment metadata file"): generic tiles, a footer that says where
 * each begins, the footer's length. Arrays in it have one slot an attribute, an unused one where older formats kept zipped
 * coordinates, and one for the dimension.
 */
import { ByteWriter } from "../bytes/byte-writer.js";
import { encodeGenericTile, FORMAT_VERSION } from "../bytes/tile.js";

const FANOUT = 10;

/** What the metadata says of one attribute or of the dimension. */
export interface Slot {
  /** Bytes of the fixed-size file (values, or offsets of text) and of the file of text. */
  readonly fileSize: number;
  readonly variableSize: number;
  /** Where each tile begins in the two files. */
  readonly tileOffsets: readonly number[];
  readonly variableOffsets: readonly number[];
  /** Bytes of text in each tile. */
  readonly variableSizes: readonly number[];
  readonly mins: Uint8Array;
  readonly maxs: Uint8Array;
  readonly sums: Uint8Array;
  readonly whole: Uint8Array;
}

const NO_EXTREMES = new ByteWriter().uint64(0, 0).result();
const NO_SUMS = new ByteWriter().uint64(0).result();
const NO_WHOLE = new ByteWriter().uint64(0, 0, 0, 0).result();

/** A slot without files or statistics. */
export function blankSlot(tiles: number): Slot {
  const zeros = new Array<number>(tiles).fill(0);
  return {
    fileSize: 0,
    variableSize: 0,
    tileOffsets: zeros,
    variableOffsets: zeros,
    variableSizes: zeros,
    mins: NO_EXTREMES,
    maxs: NO_EXTREMES,
    sums: NO_SUMS,
    whole: NO_WHOLE,
  };
}

/** The slot nothing uses any more; it holds zeros of 8 bytes. */
export function legacySlot(tiles: number): Slot {
  const zeros = new Uint8Array(8 * tiles);
  const extremes = new ByteWriter().uint64(zeros.length, 0).bytes(zeros).result();
  const sums = new ByteWriter().uint64(tiles).bytes(zeros).result();
  const whole = new ByteWriter().uint64(8, 0, 8, 0, 0, 0).result();
  return { ...blankSlot(tiles), mins: extremes, maxs: extremes, sums, whole };
}

export interface FragmentDescription {
  readonly schemaName: string;
  readonly firstRow: number;
  readonly rowCount: number;
  /** Cells a tile. */
  readonly capacity: number;
  /** Attributes in schema order, then the unused slot, then the dimension. */
  readonly slots: readonly Slot[];
}

export function encodeFragmentMetadata({
  schemaName,
  firstRow,
  rowCount,
  capacity,
  slots,
}: FragmentDescription): Uint8Array {
  const tiles = Math.ceil(rowCount / capacity);
  const file = new ByteWriter();
  const put = (bytes: Uint8Array) => {
    const at = file.length;
    file.bytes(encodeGenericTile(bytes));
    return at;
  };
  const list = (values: readonly number[]) => new ByteWriter().uint64(values.length, ...values).result();
  const zeros = list(new Array<number>(tiles).fill(0));
  const tree = put(rTree(firstRow, rowCount, capacity));
  const kinds: ((slot: Slot) => Uint8Array)[] = [
    (slot) => list(slot.tileOffsets),
    (slot) => list(slot.variableOffsets),
    (slot) => list(slot.variableSizes),
    () => zeros,
    (slot) => slot.mins,
    (slot) => slot.maxs,
    (slot) => slot.sums,
    () => NO_SUMS,
  ];
  const positions = kinds.flatMap((bytesOf) => slots.map((slot) => put(bytesOf(slot))));
  const whole = put(new ByteWriter().bytes(...slots.map((slot) => slot.whole)).result());
  const conditions = put(new ByteWriter().uint64(0).result());
  const name = Buffer.from(schemaName);
  const footer = new ByteWriter()
    .uint32(FORMAT_VERSION)
    .uint64(name.length)
    .bytes(name)
    .uint8(0, 0)
    .uint64(firstRow, firstRow + rowCount - 1)
    .uint64(tiles, rowCount - (tiles - 1) * capacity)
    .uint8(0, 0)
    .uint64(...slots.map((slot) => slot.fileSize), ...slots.map((slot) => slot.variableSize), ...slots.map(() => 0))
    .uint64(tree, ...positions, whole, conditions)
    .result();
  return file.bytes(footer).uint64(footer.length).result();
}

/** Row ranges of the tiles, and of groups of ten of them up to one root; the root's level comes first. */
function rTree(firstRow: number, rowCount: number, capacity: number): Uint8Array {
  let level: [number, number][] = [];
  for (let row = 0; row < rowCount; row += capacity) {
    level.push([firstRow + row, firstRow + Math.min(rowCount, row + capacity) - 1]);
  }
  const levels = [level];
  while (level.length > 1) {
    const above: [number, number][] = [];
    for (let i = 0; i < level.length; i += FANOUT) {
      above.push([level[i]![0], level[Math.min(i + FANOUT, level.length) - 1]![1]]);
    }
    level = above;
    levels.unshift(level);
  }
  const out = new ByteWriter().uint32(FANOUT, levels.length);
  for (const ranges of levels) out.uint64(ranges.length, ...ranges.flat());
  return out.result();
}
