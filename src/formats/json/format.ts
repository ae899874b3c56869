import type { BatchStreamOptions, Format, NewFileOptions } from "../format.js";

/** A byte-order mark and spaces may come first. */
const BEGINS_WITH_OBJECT = /^\ufeff?\s*\{\s*(?:\}|"(?:[^"\\]|\\.)*"\s*:)/;
const BEGINS_WITH_ARRAY = /^\ufeff?\s*\[\s*(?:\]\s*$|\{\s*(?:\}|"))/;

/** An object a line. */
export const ndjsonFormat: Format = {
  name: "ndjson",
  endings: [".ndjson", ".jsonl"],
  isContent: ({ head }) => BEGINS_WITH_OBJECT.test(textOf(head)),
  openSource,
  createSink: (path, options) => createSink(path, "LINES", options),
};

/** One array of objects. */
export const jsonFormat: Format = {
  name: "json",
  endings: [".json"],
  isContent: ({ head }) => BEGINS_WITH_ARRAY.test(textOf(head)),
  openSource,
  createSink: (path, options) => createSink(path, "ARRAY", options),
};

function textOf(head: Uint8Array): string {
  return new TextDecoder().decode(head);
}

async function openSource(path: string | URL, options: BatchStreamOptions) {
  const { openJsonFile } = await import("./json-source.js");
  return openJsonFile(path, options);
}

async function createSink(path: string, layout: "LINES" | "ARRAY", options: NewFileOptions) {
  const [{ JsonSink }, layouts] = await Promise.all([import("./json-sink.js"), import("./json-rows.js")]);
  return JsonSink.create(path, layouts[layout], options);
}
