import type { Format } from "../format.js";
import { beginsWorkbook } from "./workbook-signature.js";

/** Excel workbooks, one sheet at a time: its rows are read as those of a CSV file. */
export const xlsxFormat: Format = {
  name: "xlsx",
  endings: [".xlsx", ".xlsm"],
  isContent: ({ head }) => beginsWorkbook(Buffer.from(head).toString("latin1")),
  async openSource(path, options) {
    const [{ openCsvSource }, { sheetText }, { openSheet }] = await Promise.all([
      import("../csv/csv-source.js"),
      import("./sheet-text.js"),
      import("./workbook.js"),
    ]);
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
