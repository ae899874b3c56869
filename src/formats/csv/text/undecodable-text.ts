/** Text that was taken for UTF-8 and is not. */

import { DataError } from "../../../errors.js";
import { isUtf8 } from "../../node.js";

const LF = 10;
/** Bytes that mean nothing in windows-1252. */
const UNUSED = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

export class UndecodableText extends DataError {
  /** The encoding that the bytes are likely in, if one is. */
  readonly likely: "windows-1252" | undefined;

  /** @param sawUtf8 whether text before this held characters beyond ASCII in UTF-8 */
  constructor(text: Uint8Array, firstLine: number, sawUtf8: boolean) {
    const { line, bytes } = firstBadLine(text, firstLine);
    const isMixed = sawUtf8 || holdsUtf8(text);
    const likely = isMixed || UNUSED.some((byte) => text.includes(byte)) ? undefined : "windows-1252";
    super("MALFORMED_CSV", `CSV line ${line}: this is not UTF-8. ${advice(likely, isMixed, bytes)}`, { line });
    this.likely = likely;
  }
}

function advice(likely: string | undefined, isMixed: boolean, bytes: Uint8Array): string {
  if (likely !== undefined) return 'Give the `encoding` option: "windows-1252", in which Excel writes, or "latin1"';
  const encodings = 'Give the `encoding` option, for example "windows-1252", "latin1", "shift_jis" or "gbk"';
  return isMixed ? `${encodings}; but other text in it is UTF-8, so look at the bytes ${shown(bytes)}` : encodings;
}

function shown(bytes: Uint8Array): string {
  const at = bytes.findIndex((byte) => byte > 127);
  return Buffer.from(bytes.subarray(at, at + 8)).toString("hex");
}

function firstBadLine(text: Uint8Array, firstLine: number): { line: number; bytes: Uint8Array } {
  let line = firstLine;
  for (let at = 0; at < text.length; line++) {
    const lineBreak = text.indexOf(LF, at);
    const end = lineBreak < 0 ? text.length : lineBreak + 1;
    const bytes = text.subarray(at, end);
    if (!isUtf8(bytes)) return { line, bytes };
    at = end;
  }
  return { line, bytes: text };
}

/** Whether some runs of bytes beyond ASCII are characters in UTF-8; bytes of windows-1252 hardly ever look so. */
function holdsUtf8(text: Uint8Array): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text[at]! < 0x80) continue;
    let end = at;
    while (end < text.length && text[end]! >= 0x80) end++;
    if (isUtf8(text.subarray(at, end))) return true;
    at = end;
  }
  return false;
}
