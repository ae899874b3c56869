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
  /** 1 unsigned, 2 signed, 3 floating point; 0 where samples of a pixel differ. */
  readonly format: number;
  readonly compression: number;
  /** 1 none, 2 differences of neighbours, 3 the same of floating-point numbers. */
  readonly predictor: number;
  /** 0 white is 0, 1 black is, 2 colours, 3 a palette. */
  readonly photometric: number;
  /** The first pixel of a byte has 1 its highest bit, 2 its lowest. */
  readonly fillOrder: number;
  /** 1 samples of a pixel lie side by side, 2 each sample has a plane of its own. */
  readonly planar: number;
  readonly tiled: boolean;
  /** Size of a tile, or of a strip. */
  readonly partWidth: number;
  readonly partHeight: number;
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  /** Where its directory is, and where in the file this is noted. */
  readonly directory: number;
  readonly linkAt: number;
}

type PageContent = Omit<TiffPage, "directory" | "linkAt">;
type Fields = ReadonlyMap<number, readonly number[]>;

const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const SHORT = 3;
const LONG = 4;
const LONG8 = 16;
/** A TIFF whose offsets are 64 bits wide. */
const BIG = 43;
/** Directories within a directory: Exif and GPS. */
const WITHIN = [0x8769, 0x8825];
const NOT_COMPRESSED = 1;
/** No compression of TIFF that is read makes a byte of more than so many. */
const LARGEST_RATIO = 4096;

export class TiffDirectories {
  readonly littleEndian: boolean;
  readonly pages: readonly TiffPage[];
  /** Whether offsets have 64 bits. */
  readonly isBig: boolean;
  /** Where the offset of the next page's directory would be noted. */
  readonly end: number;
  readonly #view: DataView;
  readonly #seen = new Set<number>();

  /** @throws Error where a directory says what cannot be */
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < 8) throw new Error("it has no header");
    this.littleEndian = this.#view.getUint8(0) === 0x49;
    this.isBig = this.#uint16(2) === BIG;
    const pages: TiffPage[] = [];
    this.end = this.#follow(this.isBig ? 8 : 4, pages);
    this.pages = pages;
    if (pages.length === 0) throw new Error("it has no page");
  }

  /** Notes the pages that are chained from a link, and returns where the last link is. */
  #follow(first: number, pages: TiffPage[]): number {
    let linkAt = first;
    for (let at = this.#offset(linkAt); at !== 0; at = this.#offset(linkAt)) {
      pages.push({ ...this.#page(this.#directory(at)), directory: at, linkAt });
      linkAt = this.#entriesAt(at) + this.#entryCount(at) * this.#entryBytes;
    }
    return linkAt;
  }

  #directory(at: number): Fields {
    if (this.#seen.has(at)) throw new Error("its directories go round in a circle");
    this.#seen.add(at);
    const first = this.#entriesAt(at);
    const count = this.#entryCount(at);
    this.#need(first, count * this.#entryBytes + (this.isBig ? 8 : 4));
    const fields = new Map<number, readonly number[]>();
    for (let entry = first; entry < first + count * this.#entryBytes; entry += this.#entryBytes) {
      const tag = this.#uint16(entry);
      const values = this.#values(entry);
      fields.set(tag, values);
      if (WITHIN.includes(tag)) this.#directory(values[0] ?? 0);
    }
    return fields;
  }

  get #entryBytes(): number {
    return this.isBig ? 20 : 12;
  }

  #entryCount(directory: number): number {
    return this.isBig ? this.#uint64(directory) : this.#uint16(directory);
  }

  #entriesAt(directory: number): number {
    return directory + (this.isBig ? 8 : 2);
  }

  /** Of an entry's values those that are whole and unsigned; all must lie within the file. */
  #values(entry: number): readonly number[] {
    const type = this.#uint16(entry + 2);
    const count = this.#offset(entry + 4);
    const bytes = (TYPE_BYTES[type] ?? 0) * count;
    const within = entry + (this.isBig ? 12 : 8);
    const at = bytes > (this.isBig ? 8 : 4) ? this.#offset(within) : within;
    this.#need(at, bytes);
    if (type === SHORT) return Array.from({ length: count }, (_, index) => this.#uint16(at + index * 2));
    if (type === LONG8) return Array.from({ length: count }, (_, index) => this.#uint64(at + index * 8));
    return type === LONG ? Array.from({ length: count }, (_, index) => this.#uint32(at + index * 4)) : [];
  }

  #page(fields: Fields): PageContent {
    const one = (tag: number, otherwise: number) => fields.get(tag)?.[0] ?? otherwise;
    const isOne = (tag: number) => (fields.get(tag) ?? []).every((value, _, [first]) => value === first);
    const tiled = fields.has(324);
    const [width, height] = [one(256, 0), one(257, 0)];
    const page = {
      width,
      height,
      bits: one(258, 1),
      compression: one(259, NOT_COMPRESSED),
      samples: one(277, 1),
      format: isOne(258) && isOne(339) ? one(339, 1) : 0,
      predictor: one(317, 1),
      photometric: one(262, 1),
      fillOrder: one(266, 1),
      planar: one(284, 1),
      tiled,
      partWidth: tiled ? one(322, 0) : width,
      partHeight: tiled ? one(323, 0) : Math.min(one(278, height), height),
      offsets: fields.get(tiled ? 324 : 273) ?? [],
      lengths: fields.get(tiled ? 325 : 279) ?? [],
    };
    this.#checkPage(page);
    return page;
  }

  #checkPage(page: PageContent): void {
    const { width, height, bits, samples, compression, offsets, lengths } = page;
    const stored = lengths.reduce((sum, length) => sum + length, 0);
    if (stored > this.#view.byteLength) throw new Error("its parts are longer than the file");
    for (const [index, length] of lengths.entries()) this.#need(offsets[index] ?? 0, length);
    const bytesOf = (columns: number, rows: number) => Math.ceil((columns * samples * bits) / 8) * rows;
    const bytes = Math.max(bytesOf(width, height), bytesOf(page.partWidth, page.partHeight));
    const most = this.#view.byteLength * (compression === NOT_COMPRESSED ? 1 : LARGEST_RATIO);
    if (width < 1 || height < 1 || samples < 1 || bits < 1) throw new Error("its size is impossible");
    if (bytes > most) throw new Error("it has fewer bytes than its size needs");
  }

  #uint16(at: number): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, this.littleEndian);
  }

  #uint32(at: number): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, this.littleEndian);
  }

  #uint64(at: number): number {
    this.#need(at, 8);
    return Number(this.#view.getBigUint64(at, this.littleEndian));
  }

  /** An offset, or how many there are of something. */
  #offset(at: number): number {
    return this.isBig ? this.#uint64(at) : this.#uint32(at);
  }

  #need(at: number, bytes: number): void {
    if (at + bytes > this.#view.byteLength) throw new Error("it is cut off");
  }
}
