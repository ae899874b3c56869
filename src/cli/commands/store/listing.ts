/** A store's content, a line each. */

import type { DictionaryUsage, EntrySummary } from "../../../store/index.js";
import { visibleLine } from "../../output.js";

export function describeDictionaries(dictionaries: readonly DictionaryUsage[], json = false): string[] {
  if (json) return dictionaries.map((dictionary) => JSON.stringify(dictionary));
  return dictionaries.map(
    ({ name, entries }) => `${visibleLine(name)}\t${entries} ${entries === 1 ? "entry" : "entries"}`,
  );
}

/** Key, kind and what else there is to tell, between tabs. Texts are quoted as JSON, so that numbers differ from them. */
export function describeEntry(summary: EntrySummary, json: boolean): string {
  return json ? JSON.stringify(summary) : `${JSON.stringify(summary.key)}\t${summary.kind}\t${details(summary)}`;
}

function details({ shape, pixels, rowCount, bytes }: EntrySummary): string {
  if (shape !== undefined) return `${shape.join(" x ")} ${pixels}`;
  if (rowCount !== undefined) return `${rowCount} ${rowCount === 1 ? "row" : "rows"}`;
  return bytes > 0 ? `${bytes} bytes` : "";
}
