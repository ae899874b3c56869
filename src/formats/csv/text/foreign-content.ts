/** Files that are no CSV, told by their first bytes. */
import { DataError } from "../../../errors.js";
import { beginsWorkbook } from "../../xlsx/workbook-signature.js";

interface Kind {
  readonly name: string;
  readonly remedy: string;
  /** Bytes it begins with, as latin1 text. */
  readonly magic: string;
}

const UNPACK = "unpack it and give the file inside";
const SAVE = "save the sheet as CSV";
const EXPORT = "export the table as CSV";

const KINDS: readonly Kind[] = [
  { name: "a ZIP file", magic: "PK\x03\x04", remedy: UNPACK },
  { name: "a ZIP file", magic: "PK\x05\x06", remedy: UNPACK },
  { name: "an old Excel file (.xls)", magic: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", remedy: "save the sheet as CSV" },
  { name: "a Parquet file", magic: "PAR1", remedy: "export the table as CSV, or give its rows or columns" },
  { name: "an HDF5 file", magic: "\x89HDF\r\n\x1a\n", remedy: EXPORT },
  { name: "an Arrow file", magic: "ARROW1", remedy: "export the table as CSV, or give it as an Arrow table" },
  { name: "a Feather file", magic: "FEA1", remedy: EXPORT },
  { name: "a bzip2 file", magic: "BZh", remedy: UNPACK },
  { name: "an xz file", magic: "\xfd7zXZ\0", remedy: UNPACK },
  { name: "a 7-Zip file", magic: "7z\xbc\xaf\x27\x1c", remedy: UNPACK },
  { name: "a Zstandard file", magic: "\x28\xb5\x2f\xfd", remedy: UNPACK },
  { name: "a RAR file", magic: "Rar!\x1a\x07", remedy: UNPACK },
  { name: "a PDF document", magic: "%PDF-", remedy: EXPORT },
  { name: "an SQLite database", magic: "SQLite format 3\0", remedy: EXPORT },
  { name: "a NumPy file", magic: "\x93NUMPY", remedy: EXPORT },
  { name: "a MATLAB file", magic: "MATLAB 5.0", remedy: EXPORT },
  { name: "an R data file", magic: "RDX", remedy: EXPORT },
  { name: "a PNG picture", magic: "\x89PNG\r\n\x1a\n", remedy: "give a table" },
  { name: "a JPEG picture", magic: "\xff\xd8\xff", remedy: "give a table" },
  { name: "a TIFF picture", magic: "II*\0", remedy: "give a table" },
  { name: "a TIFF picture", magic: "MM\0*", remedy: "give a table" },
];

const HTML = /^(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]/i;
const XML = /^<\?xml\s/i;
const JSON_TEXT = /^(?:\[\s*[[{"\]\d-]|\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:))/;

/** @throws DataError `MALFORMED_FILE` naming what the bytes are, if they are a known kind of file but no CSV. */
export function refuseForeignContent(bytes: Uint8Array): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const kind = kindOf(text);
  if (kind === undefined) return;
  throw new DataError("MALFORMED_FILE", `This is ${kind.name}, not CSV: ${kind.remedy}`);
}

function kindOf(text: string): Pick<Kind, "name" | "remedy"> | undefined {
  if (beginsWorkbook(text)) return { name: "an Excel workbook (.xlsx)", remedy: SAVE };
  return KINDS.find(({ magic }) => text.startsWith(magic)) ?? textKind(text.replace(/^\xef\xbb\xbf/, "").trimStart());
}

function textKind(text: string): Pick<Kind, "name" | "remedy"> | undefined {
  if (HTML.test(text)) {
    return { name: "an HTML page", remedy: "perhaps a log-in page was downloaded in place of the file" };
  }
  if (XML.test(text)) return { name: "an XML document", remedy: EXPORT };
  if (JSON_TEXT.test(text))
    return { name: "a JSON document", remedy: "parse it and give its rows as a list of objects" };
  return undefined;
}
