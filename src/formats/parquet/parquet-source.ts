/** Parquet files, row group by row group. */
import type { DataType, Field } from "apache-arrow";
import type { AsyncBuffer, Compressors, FileMetaData, SchemaTree } from "hyparquet";
import { throwIfAborted } from "../../errors.js";
import { LocalFile } from "../../flow/files/local-file.js";
import { ArrowTypeId } from "../arrow/arrow-columns.js";
import { type ArrowChunk, type ChunkedColumns, openChunks } from "../arrow/arrow-source.js";
import { damagedFiles } from "../damaged-files.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { notedSchema } from "./arrow-schema-entry.js";
import { arrowTypeOf } from "./column-types.js";
import { arrowColumnOf, PARSERS } from "./column-values.js";
import { gunzip } from "./node.js";

const { reading, malformed } = damagedFiles("Parquet");

/** Rows of a row group at most: all of one are decoded at a time. */
const MOST_GROUP_ROWS = 1 << 26;
/** A page in memory at most, and how many times as large as what is stored. */
const MOST_PAGE_BYTES = 1 << 30;
const MOST_EXPANSION = 1 << 16;

/**
 * Opens a Parquet file, compressed by any of SNAPPY, GZIP, ZSTD, BROTLI and LZ4. Missing values are missing; dates and times
 * are ISO 8601 text; lists of numbers of one length are arrays.
 * @throws FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE`, and for values no column can hold
 */
export async function openParquetFile(path: string | URL, options: BatchStreamOptions): Promise<Source> {
  const columns = await openParquetColumns(path, options.signal);
  try {
    return await openChunks(columns, options);
  } catch (error) {
    await columns.close();
    throw error;
  }
}

/** The same as columns that can be read any number of times. @throws FileError, DataError as {@link openParquetFile} */
export async function openParquetColumns(path: string | URL, signal: AbortSignal | undefined): Promise<ChunkedColumns> {
  const file = await LocalFile.open(path);
  try {
    const parquet = await ParquetFile.open(file);
    const [arrow, noted] = await Promise.all([
      import("apache-arrow"),
      notedSchema(parquet.metadata.key_value_metadata ?? []),
    ]);
    const fields = parquet.columns.map((tree) => {
      const { name } = tree.element;
      const note = noted?.fields.find((field) => field.name === name);
      return new arrow.Field(name, listType(note) ?? arrowTypeOf(arrow, tree), true, note?.metadata);
    });
    const chunks = (positions: readonly number[]) => parquet.chunks(positions, signal);
    return { schema: new arrow.Schema(fields, noted?.metadata), chunks, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Parquet's lists have any length; where Arrow's are noted to have one, it is known without a row. */
function listType(note: Field | undefined): DataType | undefined {
  return note?.type.typeId === ArrowTypeId.FIXED_SIZE_LIST ? note.type : undefined;
}

class ParquetFile {
  readonly metadata: FileMetaData;
  readonly columns: readonly SchemaTree[];
  readonly #file: LocalFile;
  readonly #compressors: Compressors;

  private constructor(file: LocalFile, metadata: FileMetaData, columns: SchemaTree[], compressors: Compressors) {
    this.#file = file;
    this.metadata = metadata;
    this.columns = columns;
    this.#compressors = compressors;
  }

  static async open(file: LocalFile): Promise<ParquetFile> {
    const [{ parquetMetadataAsync, parquetSchema }, { compressors }] = await Promise.all([
      import("hyparquet"),
      import("hyparquet-compressors"),
    ]);
    const metadata = await reading(file, () => parquetMetadataAsync(buffer(file), { geoparquet: false }));
    const columns = await reading(file, async () => parquetSchema(metadata).children);
    for (const { num_rows } of metadata.row_groups) {
      if (num_rows > MOST_GROUP_ROWS) throw malformed(file, `a row group claims ${num_rows} rows`);
    }
    return new ParquetFile(file, metadata, columns, bounded({ ...compressors, GZIP: gunzip }));
  }

  async *chunks(
    positions: readonly number[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ArrowChunk, void, undefined> {
    const { parquetScan } = await import("hyparquet");
    const chosen = positions.map((position) => this.columns[position]!);
    const scan = await reading(this.#file, () =>
      parquetScan({
        file: buffer(this.#file),
        metadata: this.metadata,
        compressors: this.#compressors,
        parsers: PARSERS,
        utf8: false,
      }),
    );
    for (const { rowStart, rowEnd } of scan.ranges) {
      const columns: ArrowChunk["columns"][number][] = [];
      for (const tree of chosen) {
        throwIfAborted(signal, "Reading Parquet");
        const { name } = tree.element;
        const decoded = await reading(this.#file, () => scan.readColumn({ column: name, rowStart, rowEnd }));
        if (decoded.length !== rowEnd - rowStart) {
          throw malformed(this.#file, `column "${name}" has ${decoded.length} of ${rowEnd - rowStart} rows`);
        }
        columns.push(arrowColumnOf(tree, decoded));
      }
      yield { rowCount: rowEnd - rowStart, columns };
    }
  }
}

function buffer({ handle, size }: LocalFile): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      if (!(start >= 0 && end >= start && end <= size)) throw new RangeError(`bytes ${start} to ${end} of ${size}`);
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead < bytes.length) throw new RangeError(`${bytesRead} bytes where ${bytes.length} were asked for`);
      return bytes.buffer;
    },
  };
}

/** Makes no more room than a page of the stored size can fill. */
function bounded(compressors: Compressors): Compressors {
  const entries = Object.entries(compressors).map(([name, decompress]) => [
    name,
    (stored: Uint8Array, length: number) => {
      const most = Math.min(MOST_PAGE_BYTES, MOST_EXPANSION * (stored.length + 1));
      if (!(length <= most)) throw new RangeError(`a page of ${stored.length} bytes that claims ${length}`);
      return decompress(stored, length);
    },
  ]);
  return Object.fromEntries(entries) as Compressors;
}
