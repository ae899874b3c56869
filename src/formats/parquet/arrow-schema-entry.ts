/** The Arrow schema of a Parquet file, which Arrow's own readers and writers keep in the file's metadata. */
import type { Schema } from "apache-arrow";
import type { KeyValue } from "hyparquet";
import type { ColumnField } from "../../columns/batch.js";
import type { TableMetadata } from "../../columns/table.js";
import { arrowSchema } from "../arrow/arrow.js";
import { schemaMessage } from "../arrow/ipc/ipc-messages.js";

const KEY = "ARROW:schema";

/** Base64 of the schema's message, without the mark that ends a stream. */
export async function arrowSchemaEntry(
  fields: readonly ColumnField[],
  metadata: TableMetadata | undefined,
): Promise<KeyValue> {
  const arrow = await import("apache-arrow");
  const message = schemaMessage(arrow, arrowSchema(arrow, fields, { metadata }));
  return { key: KEY, value: Buffer.from(message).toString("base64") };
}

/** The schema of the entry, if there is one that can be read. */
export async function notedSchema(entries: readonly KeyValue[]): Promise<Schema | undefined> {
  const value = entries.find(({ key }) => key === KEY)?.value;
  if (value === undefined) return undefined;
  const { RecordBatchReader } = await import("apache-arrow");
  try {
    return RecordBatchReader.from(Buffer.from(value, "base64")).open().schema;
  } catch {
    // The columns can be read without.
    return undefined;
  }
}
