import type { RowSource } from "../../formats/open-source.js";

/** Rows at a path; `-` is a CSV that comes by standard input. */
export function sourceAt(path: string): RowSource {
  return path === "-" ? process.stdin : path;
}
