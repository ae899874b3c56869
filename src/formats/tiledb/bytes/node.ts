/** What the filters of TileDB use of Node.js. */
export { default as zlib } from "node:zlib";
