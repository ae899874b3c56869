import { DataError } from "../../errors.js";
import { LocalFile } from "../../flow/files/local-file.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { openRows } from "../values/rows-source.js";
import { jsonObjects } from "./json-objects.js";

const BLOCK_BYTES = 1 << 20;

/**
 * Opens a file of objects, on a line each or in one array. A member that is null, or that an object lacks, is missing.
 * @throws FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE`, and for values that no column can hold
 */
export async function openJsonFile(path: string | URL, options: BatchStreamOptions): Promise<Source> {
  const file = await LocalFile.open(path);
  try {
    return await openRows(jsonObjects(texts(file), file), options);
  } finally {
    await file.close();
  }
}

async function* texts(file: LocalFile): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const block of file.blocks(BLOCK_BYTES, 1)) yield decoder.decode(block, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new DataError("MALFORMED_FILE", `${file.path} is no UTF-8 text`, { path: file.path, cause });
  }
}
