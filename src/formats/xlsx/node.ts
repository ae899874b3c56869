export { createReadStream } from "node:fs";
export { createInflateRaw } from "node:zlib";
