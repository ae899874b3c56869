/** What formats use of Node.js: all of it, so that another platform has one file to replace. */
export { isAscii, isUtf8 } from "node:buffer";
export { randomBytes, randomUUID } from "node:crypto";
export { existsSync } from "node:fs";
export {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
} from "node:fs/promises";
export { createRequire } from "node:module";
export { availableParallelism } from "node:os";
export { basename, dirname, join, resolve } from "node:path";
export { Readable } from "node:stream";
export { setImmediate as nextTurn } from "node:timers/promises";
export { fileURLToPath } from "node:url";
