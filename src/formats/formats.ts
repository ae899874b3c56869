/** All formats, in the order in which they are asked whether something is theirs. */
import { arrowFormat, arrowStreamFormat } from "./arrow/format.js";
import { batchesFormat } from "./batches/format.js";
import { csvFormat, tsvFormat } from "./csv/format.js";
import type { Format } from "./format.js";
import { frameFormat } from "./frame/format.js";
import { hdf5Format } from "./hdf5/format.js";
import { jsonFormat, ndjsonFormat } from "./json/format.js";
import { parquetFormat } from "./parquet/format.js";
import { dataSetFormat } from "./partitioned/format.js";
import { tiledbFormat } from "./tiledb/format.js";
import { valuesFormat } from "./values/format.js";
import { xlsxFormat } from "./xlsx/format.js";

export const FORMATS: readonly Format[] = [
  hdf5Format,
  tiledbFormat,
  dataSetFormat,
  parquetFormat,
  xlsxFormat,
  csvFormat,
  tsvFormat,
  arrowFormat,
  arrowStreamFormat,
  ndjsonFormat,
  jsonFormat,
  frameFormat,
  batchesFormat,
  valuesFormat,
];
