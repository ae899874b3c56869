import { openCsvSource } from "../csv/csv-source.js";
import type { Format } from "../format.js";
import { sheetText } from "./sheet-text.js";
import { openSheet } from "./workbook.js";
import { beginsWorkbook } from "./workbook-signature.js";

/** Excel workbooks, one sheet at a time: its rows are read as those of a CSV file. */
export const xlsxFormat: Format = {
  name: "xlsx",
  endings: [".xlsx", ".xlsm"],
  isContent: ({ head }) => beginsWorkbook(Buffer.from(head).toString("latin1")),
  async openSource(path, options) {
    const rows = await openSheet(String(path), options.csv.sheet, options.onWarning);
    const dialect = {
      ...options.csv,
      delimiter: ",",
      quote: '"',
      encoding: "utf-8",
      decimal: ".",
      thousands: false,
    } as const;
    return openCsvSource(sheetText(rows), { ...options, csv: dialect, onProgress: undefined });
  },
};
