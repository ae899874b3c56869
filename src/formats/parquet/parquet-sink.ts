import type { ColumnChunk, KeyValue } from "hyparquet";
import type { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { ColumnBatch, ColumnData, ColumnField } from "../../columns/batch.js";
import { rechunk } from "../../columns/batch-operations.js";
import { typicalRowBytes } from "../../columns/chunk-size.js";
import { openTargetFile, type TargetFile } from "../../flow/files/target-file.js";
import { type FileEncoder, writeEncoded } from "../encoded-file.js";
import type { NewFileOptions, RowStream, Sink, SinkOptions } from "../format.js";
import { arrowSchemaEntry } from "./arrow-schema-entry.js";
import { isSingleValued, type ParquetParts, writeSingleValues } from "./chunks/flat-chunk.js";
import { gzip } from "./node.js";
import { parquetSchemaOf } from "./parquet-schema.js";
import { parquetValues } from "./parquet-values.js";

/** Rows of a row group: what DuckDB works on at a time; Spark and Dask take any number of groups together. */
const ROW_GROUP_ROWS = 122_880;
/** Bytes a row group takes in memory, at most, where a row is wide. */
const ROW_GROUP_BYTES = 64 << 20;
/** Text in statistics is kept whole up to this length. */
const STATISTICS_BYTES = 64;

/**
 * Rows as a Parquet file: GZIP, dictionaries where they pay, statistics of each column and row group. Types, widths and
 * descriptions of the columns and the table's metadata are kept as Arrow keeps them, in `ARROW:schema`.
 */
export class ParquetSink implements Sink {
  readonly #target: TargetFile;

  private constructor(target: TargetFile) {
    this.#target = target;
  }

  /** @throws ArgumentError `FILE_EXISTS`; FileError `CANNOT_WRITE_FILE` */
  static async create(path: string, options: NewFileOptions): Promise<ParquetSink> {
    return new ParquetSink(await openTargetFile(path, options));
  }

  async write(rows: RowStream, options: SinkOptions = {}): Promise<number> {
    const { fields, rowCount } = rows;
    const entry = await arrowSchemaEntry(fields, await rows.metadata?.());
    const batches = rechunk(rows.batches, rowGroupRows(fields));
    const parquet = await ParquetRows.create(fields, [entry]);
    return writeEncoded(this.#target, { batches, rowCount }, parquet, "writing the Parquet file", options);
  }

  async close(): Promise<void> {
    await this.#target.discard();
  }
}

function rowGroupRows(fields: readonly ColumnField[]): number {
  return Math.max(1, Math.min(ROW_GROUP_ROWS, Math.floor(ROW_GROUP_BYTES / typicalRowBytes(fields))));
}

/** What of hyparquet-writer is used, loaded when the first file is written. */
async function parquetParts() {
  const [{ ByteWriter, ParquetWriter }, { writePageHeader }, { writeRleBitPackedHybrid }] = await Promise.all([
    import("hyparquet-writer"),
    import("hyparquet-writer/src/datapage.js"),
    import("hyparquet-writer/src/encoding.js"),
  ]);
  return { ByteWriter, ParquetWriter, writePageHeader, writeRleBitPackedHybrid };
}

/** The bytes of a Parquet file, row group by row group. */
class ParquetRows implements FileEncoder {
  readonly #fields: readonly ColumnField[];
  readonly #bytes: ByteWriter;
  readonly #writer: ParquetWriter;
  readonly #parts: ParquetParts;

  private constructor(fields: readonly ColumnField[], bytes: ByteWriter, writer: ParquetWriter, parts: ParquetParts) {
    this.#fields = fields;
    this.#bytes = bytes;
    this.#writer = writer;
    this.#parts = parts;
  }

  static async create(fields: readonly ColumnField[], kvMetadata: KeyValue[]): Promise<ParquetRows> {
    const parts = await parquetParts();
    const bytes = new parts.ByteWriter();
    const writer = new parts.ParquetWriter({
      writer: bytes,
      schema: parquetSchemaOf(fields),
      codec: "GZIP",
      compressors: { GZIP: gzip },
      statisticsTruncateLength: STATISTICS_BYTES,
      kvMetadata,
      createdBy: "omero2frame",
    });
    return new ParquetRows(fields, bytes, writer, parts);
  }

  /** A row group. */
  add({ columns, rowCount }: ColumnBatch): Uint8Array[] {
    if (rowCount > 0) {
      const start = this.#bytes.offset;
      const nested = this.#nestedChunks(columns, rowCount);
      const chunks = columns.flatMap((column, index) => {
        const { name } = this.#fields[index]!;
        return isSingleValued(column) ? writeSingleValues(this.#bytes, name, column, this.#parts) : nested.get(name)!;
      });
      const sizes = chunks.map(({ meta_data }) => meta_data!.total_uncompressed_size);
      this.#writer.num_rows += BigInt(rowCount);
      this.#writer.row_groups.push({
        columns: chunks,
        num_rows: BigInt(rowCount),
        total_byte_size: sizes.reduce((sum, size) => sum + size, 0n),
        total_compressed_size: BigInt(this.#bytes.offset - start),
      });
    }
    return this.#takeBytes();
  }

  /** Chunks of lists and masks, which hyparquet-writer takes apart, by their columns' names. */
  #nestedChunks(columns: readonly ColumnData[], rowCount: number): Map<string, ColumnChunk[]> {
    const columnData = columns.flatMap((column, index) =>
      isSingleValued(column) ? [] : [{ name: this.#fields[index]!.name, data: parquetValues(column) }],
    );
    if (columnData.length === 0) return new Map();
    this.#writer.write({ columnData, rowGroupSize: rowCount });
    // They become part of the row group that is made of all columns.
    this.#writer.num_rows -= BigInt(rowCount);
    const { columns: chunks } = this.#writer.row_groups.pop()!;
    const ofColumn = (name: string) => chunks.filter(({ meta_data }) => meta_data!.path_in_schema[0] === name);
    return new Map(columnData.map(({ name }) => [name, ofColumn(name)]));
  }

  /** The list of row groups. */
  end(): Uint8Array[] {
    this.#writer.finish();
    return this.#takeBytes();
  }

  #takeBytes(): Uint8Array[] {
    const taken = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return [taken];
  }
}
