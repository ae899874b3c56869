import type { Format } from "../format.js";
import { beginsWorkbook } from "./workbook-signature.js";

/** Excel workbooks, one sheet at a time: its rows are read as those of a CSV file. */
export const xlsxFormat: Format = {
  name: "xlsx",
  endings: [".xlsx", ".xlsm"],
  isContent: ({ head }) => beginsWorkbook(Buffer.from(head).toString("latin1")),
  async openSource(path, options) {
    const [{ openCsvSource }, { checkUnpackedBytes }, { MOST_INFLATED_BYTES }, { sheetText }, { openSheet }] =
      await Promise.all([
        import("../csv/csv-source.js"),
        import("./unpacked-bytes.js"),
        import("../csv/text/csv-text.js"),
        import("./sheet-text.js"),
        import("./workbook.js"),
      ]);
    await checkUnpackedBytes(String(path), options.csv.maxBytes ?? MOST_INFLATED_BYTES);
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
