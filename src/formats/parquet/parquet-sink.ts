import type { KeyValue } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer";
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { rechunk } from "../../columns/batch-operations.js";
import { typicalRowBytes } from "../../columns/chunk-size.js";
import { openTargetFile, type TargetFile } from "../../flow/files/target-file.js";
import { type FileEncoder, writeEncoded } from "../encoded-file.js";
import type { NewFileOptions, RowStream, Sink, SinkOptions } from "../format.js";
import { arrowSchemaEntry } from "./arrow-schema-entry.js";
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

/** The bytes of a Parquet file, row group by row group. */
class ParquetRows implements FileEncoder {
  readonly #fields: readonly ColumnField[];
  readonly #bytes: ByteWriter;
  readonly #writer: import("hyparquet-writer").ParquetWriter;

  private constructor(
    fields: readonly ColumnField[],
    bytes: ByteWriter,
    writer: import("hyparquet-writer").ParquetWriter,
  ) {
    this.#fields = fields;
    this.#bytes = bytes;
    this.#writer = writer;
  }

  static async create(fields: readonly ColumnField[], kvMetadata: KeyValue[]): Promise<ParquetRows> {
    const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
    const bytes = new ByteWriter();
    const writer = new ParquetWriter({
      writer: bytes,
      schema: parquetSchemaOf(fields),
      codec: "GZIP",
      compressors: { GZIP: gzip },
      statisticsTruncateLength: STATISTICS_BYTES,
      kvMetadata,
      createdBy: "omero2frame",
    });
    return new ParquetRows(fields, bytes, writer);
  }

  /** A row group. */
  add({ columns, rowCount }: ColumnBatch): Uint8Array[] {
    if (rowCount > 0) {
      const columnData = columns.map((column, index) => ({
        name: this.#fields[index]!.name,
        data: parquetValues(column),
      }));
      this.#writer.write({ columnData, rowGroupSize: rowCount });
    }
    return this.#takeBytes();
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
