/** What columns, and the codec of the wire, use of Node.js. */
export { isAscii, isUtf8 } from "node:buffer";
