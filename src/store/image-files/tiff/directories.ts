/**
 * The directories of a TIFF, looked at before a library follows them: it trusts every length, and directories may be chained in
 * circles or stand for more pixels than there is memory.
 */

/** What is asked of a page. Offsets and lengths of its strips or tiles, in bytes. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly format: number;
  readonly compression: number;
  readonly tiled: boolean;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
}

type Fields = ReadonlyMap<number, readonly number[]>;

const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const SHORT = 3;
const LONG = 4;
/** Directories within a directory: Exif and GPS. */
const WITHIN = [0x8769, 0x8825];
const NOT_COMPRESSED = 1;
/** No compression of TIFF that is read makes a byte of more than so many. */
const LARGEST_RATIO = 4096;

export class TiffDirectories {
  readonly littleEndian: boolean;
  readonly pages: readonly TiffPage[];
  readonly #view: DataView;
  readonly #seen = new Set<number>();

  /** @throws Error where a directory says what cannot be */
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < 8) throw new Error("it has no header");
    this.littleEndian = this.#view.getUint8(0) === 0x49;
    this.pages = [...this.#chain(this.#uint32(4))];
    if (this.pages.length === 0) throw new Error("it has no page");
  }

  *#chain(first: number): Generator<TiffPage, void, undefined> {
    for (let at = first; at !== 0; ) {
      const fields = this.#directory(at);
      yield this.#page(fields);
      at = this.#uint32(at + 2 + this.#uint16(at) * 12);
    }
  }

  #directory(at: number): Fields {
    if (this.#seen.has(at)) throw new Error("its directories go round in a circle");
    this.#seen.add(at);
    const count = this.#uint16(at);
    this.#need(at, 2 + count * 12 + 4);
    const fields = new Map<number, readonly number[]>();
    for (let entry = at + 2; entry < at + 2 + count * 12; entry += 12) {
      const tag = this.#uint16(entry);
      const values = this.#values(entry);
      fields.set(tag, values);
      if (WITHIN.includes(tag)) this.#directory(values[0] ?? 0);
    }
    return fields;
  }

  /** Of an entry's values those that are whole and unsigned; all must lie within the file. */
  #values(entry: number): readonly number[] {
    const type = this.#uint16(entry + 2);
    const count = this.#uint32(entry + 4);
    const bytes = (TYPE_BYTES[type] ?? 0) * count;
    const at = bytes > 4 ? this.#uint32(entry + 8) : entry + 8;
    this.#need(at, bytes);
    if (type === SHORT) return Array.from({ length: count }, (_, index) => this.#uint16(at + index * 2));
    return type === LONG ? Array.from({ length: count }, (_, index) => this.#uint32(at + index * 4)) : [];
  }

  #page(fields: Fields): TiffPage {
    const one = (tag: number, otherwise: number) => fields.get(tag)?.[0] ?? otherwise;
    const tiled = fields.has(324);
    const page = {
      width: one(256, 0),
      height: one(257, 0),
      bits: one(258, 1),
      compression: one(259, NOT_COMPRESSED),
      samples: one(277, 1),
      format: one(339, 1),
      tiled,
      offsets: fields.get(tiled ? 324 : 273) ?? [],
      lengths: fields.get(tiled ? 325 : 279) ?? [],
    };
    this.#checkPage(page);
    return page;
  }

  #checkPage({ width, height, bits, samples, compression, offsets, lengths }: TiffPage): void {
    const stored = lengths.reduce((sum, length) => sum + length, 0);
    if (stored > this.#view.byteLength) throw new Error("its parts are longer than the file");
    for (const [index, length] of lengths.entries()) this.#need(offsets[index] ?? 0, length);
    const bytes = Math.ceil((width * samples * bits) / 8) * height;
    const most = this.#view.byteLength * (compression === NOT_COMPRESSED ? 1 : LARGEST_RATIO);
    if (width < 1 || height < 1 || bytes > most) throw new Error("it has fewer bytes than its size needs");
  }

  #uint16(at: number): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, this.littleEndian);
  }

  #uint32(at: number): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, this.littleEndian);
  }

  #need(at: number, bytes: number): void {
    if (at + bytes > this.#view.byteLength) throw new Error("it is cut off");
  }
}
