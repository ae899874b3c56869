import type { Format } from "../format.js";
import { openColumns } from "./columns-source.js";
import { openRows, type RowObject } from "./rows-source.js";
import type { Values } from "./value-columns.js";

/** JavaScript values: an object of columns, or a list or stream of rows. Whatever no other format takes. */
export const valuesFormat: Format = {
  name: "values",
  isObject: (source) => !(Symbol.iterator in source || Symbol.asyncIterator in source),
  async openObject(source, options) {
    const columns = Object.entries(source).map(([name, values]) => ({ name, values: values as Values }));
    return openColumns(columns, options);
  },
  isItem: () => true,
  openItems: (items, options) => openRows(items as AsyncIterable<RowObject>, options),
};
