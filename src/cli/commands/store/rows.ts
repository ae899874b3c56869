/** Rows on their way between a store and files. */
import type { Source } from "../../../formats/format.js";
import type { RowSource } from "../../../formats/open-source.js";
import { warn } from "../../output.js";

/** Opens rows, or a file of them, for as long as they are used. */
export async function openedRows<T>(
  rows: RowSource,
  signal: AbortSignal,
  use: (source: Source) => Promise<T>,
): Promise<T> {
  const { openSource } = await import("../../../formats/open-source.js");
  const { checkColumnTypes } = await import("../../../formats/values/column-types.js");
  const none = {
    types: checkColumnTypes(undefined),
    checkNames: () => {},
    namedTypes: [],
    csv: {},
    onProgress: undefined,
  };
  const source = await openSource(rows, { ...none, onWarning: warn, signal });
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
