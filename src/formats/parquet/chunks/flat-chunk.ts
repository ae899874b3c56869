/** Column chunks of single values, straight from a batch's memory. Lists and masks are hyparquet-writer's own. */
import type { ColumnChunk, Encoding, PageType, ParquetType } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer";
import type { BoolColumn, ColumnData, DoubleColumn, LongColumn, StringColumn } from "../../../columns/batch.js";
import { codecFor, type PageCodec } from "../node.js";
import {
  boolStatistics,
  type ChunkStatistics,
  doubleStatistics,
  longStatistics,
  textStatistics,
} from "./chunk-statistics.js";
import { type Dictionary, numberDictionary, textDictionary } from "./dictionary.js";
import { boolPages, numberPages, type Page, textPages } from "./plain-pages.js";

type FlatColumn = LongColumn | DoubleColumn | BoolColumn | StringColumn;

interface FlatKind<Column extends ColumnData> {
  readonly type: ParquetType;
  readonly pages: (column: Column) => Page[];
  readonly statistics: (column: Column) => ChunkStatistics;
  readonly dictionary: (column: Column) => Dictionary<Column> | undefined;
}

const KINDS: { readonly [Kind in FlatColumn["kind"]]: FlatKind<Extract<FlatColumn, { kind: Kind }>> } = {
  long: { type: "INT64", pages: numberPages, statistics: longStatistics, dictionary: numberDictionary },
  double: { type: "DOUBLE", pages: numberPages, statistics: doubleStatistics, dictionary: numberDictionary },
  bool: { type: "BOOLEAN", pages: boolPages, statistics: boolStatistics, dictionary: () => undefined },
  string: { type: "BYTE_ARRAY", pages: textPages, statistics: textStatistics, dictionary: textDictionary },
};

export function isSingleValued(column: ColumnData): column is FlatColumn {
  return column.kind in KINDS;
}

/** What of hyparquet-writer is needed here; it is loaded when the first file is written. */
export interface ParquetParts {
  readonly ByteWriter: typeof ByteWriter;
  readonly writePageHeader: typeof import("hyparquet-writer/src/datapage.js").writePageHeader;
  readonly writeRleBitPackedHybrid: typeof import("hyparquet-writer/src/encoding.js").writeRleBitPackedHybrid;
}

/** Writes the values of a column, at least one; what is given is noted at the file's end. */
export function writeSingleValues(
  bytes: ByteWriter,
  name: string,
  column: FlatColumn,
  parts: ParquetParts,
): ColumnChunk {
  return new FlatChunk(bytes, parts).write(name, column, KINDS[column.kind] as FlatKind<FlatColumn>);
}

class FlatChunk {
  readonly #bytes: ByteWriter;
  readonly #parts: ParquetParts;
  readonly #start: number;
  #uncompressed = 0;

  constructor(bytes: ByteWriter, parts: ParquetParts) {
    this.#bytes = bytes;
    this.#parts = parts;
    this.#start = bytes.offset;
  }

  write(name: string, column: FlatColumn, kind: FlatKind<FlatColumn>): ColumnChunk {
    const dictionary = kind.dictionary(column);
    const pages = kind.pages(dictionary?.values ?? column);
    const codec = codecFor(pages[0]!.bytes);
    const encoding: Encoding = dictionary ? "RLE_DICTIONARY" : "PLAIN";
    if (dictionary) this.#dictionaryPage(pages, codec);
    const dataStart = this.#bytes.offset;
    const dataPages = dictionary ? [this.#indexPage(dictionary)] : pages;
    for (const page of dataPages) this.#dataPage(page, encoding, codec);
    const rows = dataPages.reduce((sum, page) => sum + page.rows, 0);
    const counts: { page_type: PageType; encoding: Encoding; count: number }[] = [
      ...(dictionary ? [{ page_type: "DICTIONARY_PAGE" as const, encoding: "PLAIN" as const, count: 1 }] : []),
      { page_type: "DATA_PAGE_V2", encoding, count: dataPages.length },
    ];
    return {
      file_offset: BigInt(this.#start),
      meta_data: {
        type: kind.type,
        encodings: dictionary ? ["PLAIN", encoding] : [encoding],
        path_in_schema: [name],
        codec: codec.name,
        num_values: BigInt(rows),
        total_compressed_size: BigInt(this.#bytes.offset - this.#start),
        total_uncompressed_size: BigInt(this.#uncompressed),
        data_page_offset: BigInt(dataStart),
        ...(dictionary && { dictionary_page_offset: BigInt(this.#start) }),
        statistics: kind.statistics(dictionary?.values ?? column),
        encoding_stats: counts,
      },
    };
  }

  #dictionaryPage(pages: readonly Page[], codec: PageCodec): void {
    const whole = pages.length === 1 ? pages[0]!.bytes : Buffer.concat(pages.map((page) => page.bytes));
    const stored = codec.compress(whole);
    const values = pages.reduce((sum, page) => sum + page.rows, 0);
    this.#page(whole, stored, "DICTIONARY_PAGE", { dictionary_page_header: { num_values: values, encoding: "PLAIN" } });
  }

  #dataPage({ bytes, rows }: Page, encoding: Encoding, codec: PageCodec): void {
    const data_page_header_v2 = {
      num_values: rows,
      num_nulls: 0,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: 0,
      repetition_levels_byte_length: 0,
      is_compressed: codec.name !== "UNCOMPRESSED",
    };
    this.#page(bytes, codec.compress(bytes), "DATA_PAGE_V2", { data_page_header_v2 });
  }

  #page(whole: Uint8Array, stored: Uint8Array, type: PageType, header: object): void {
    const start = this.#bytes.offset;
    const sizes = { uncompressed_page_size: whole.length, compressed_page_size: stored.length };
    this.#parts.writePageHeader(this.#bytes, { type, ...sizes, ...header });
    this.#uncompressed += this.#bytes.offset - start + whole.length;
    this.#bytes.appendBytes(stored);
  }

  #indexPage({ indexes, bitWidth }: Dictionary<FlatColumn>): Page {
    const page = new this.#parts.ByteWriter(indexes.length);
    page.appendUint8(bitWidth);
    this.#parts.writeRleBitPackedHybrid(page, indexes, bitWidth);
    return { bytes: page.getBytes(), rows: indexes.length };
  }
}
