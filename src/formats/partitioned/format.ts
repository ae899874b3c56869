import type { Format } from "../format.js";
import { isDataSet } from "./data-set-files.js";

/** Folders of files, as engines with many processes write them. */
export const dataSetFormat: Format = {
  name: "dataset",
  isContent: ({ names }) => isDataSet(names),
  openSource: async (path, options) => (await import("./data-set-source.js")).openDataSet(path, options),
};
