/** Turns the encodings CSV comes in to UTF-8. */

import { ArgumentError, DataError } from "../../../errors.js";
import { isAscii } from "../../node.js";
import type { ByteReader } from "./byte-reader.js";

const STEP = 128 * 1024;

export interface DetectedEncoding {
  /** Label of the WHATWG Encoding Standard, or "latin1" for ISO-8859-1 itself. */
  readonly encoding: string;
  /** Bytes of the byte order mark. */
  readonly markLength: number;
}

/** Encoding of a text from its first bytes: by its byte order mark, or UTF-16 by its zero bytes; else UTF-8. */
export function detectEncoding(sample: Uint8Array): DetectedEncoding {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return { encoding: "utf-8", markLength: 3 };
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: "utf-16le", markLength: 2 };
  if (sample[0] === 0xfe && sample[1] === 0xff) return { encoding: "utf-16be", markLength: 2 };
  const zeros = [0, 0];
  const length = Math.min(sample.length, 4096) & ~1;
  for (let at = 0; at < length; at++) if (sample[at] === 0) zeros[at & 1]!++;
  if (zeros[0] === 0 && zeros[1]! > length / 4) return { encoding: "utf-16le", markLength: 0 };
  if (zeros[1] === 0 && zeros[0]! > length / 4) return { encoding: "utf-16be", markLength: 0 };
  return { encoding: "utf-8", markLength: 0 };
}

/** The label under which an encoding is known here. @throws ArgumentError `INVALID_ARGUMENT` for an unknown one. */
export function encodingLabel(encoding: string): string {
  const label = encoding.trim().toLowerCase().replace("_", "-");
  if (/^(latin-?1|iso-?8859-1)$/.test(label)) return "latin1";
  if (/^utf-?8(-sig)?$/.test(label)) return "utf-8";
  if (/^utf-?16$/.test(label)) return "utf-16le";
  try {
    return new TextDecoder(label).encoding;
  } catch (cause) {
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      `Unknown encoding "${encoding}"; for example utf-8, utf-16le, windows-1252`,
      {
        cause,
      },
    );
  }
}

/** The reader itself where the encoding is UTF-8; else one that gives UTF-8. */
export function decodeReader(reader: ByteReader, encoding: string): ByteReader {
  return encoding === "utf-8" ? reader : new DecodedReader(reader, encoding);
}

class DecodedReader implements ByteReader {
  readonly #reader: ByteReader;
  readonly #encoding: string;
  readonly #decoder: InstanceType<typeof TextDecoder> | undefined;
  readonly #input = Buffer.alloc(STEP);
  #output: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(reader: ByteReader, encoding: string) {
    this.#reader = reader;
    this.#encoding = encoding;
    // WHATWG's "latin1" is windows-1252; ISO-8859-1 maps each byte to the code point of its value.
    if (encoding !== "latin1") this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  async read(target: Uint8Array): Promise<number> {
    while (this.#output.length === 0) {
      if (this.#ended) return 0;
      const count = await this.#reader.read(this.#input);
      this.#ended = count === 0;
      this.#output = this.#decode(this.#input.subarray(0, count));
    }
    const count = Math.min(target.length, this.#output.length);
    target.set(this.#output.subarray(0, count));
    this.#output = this.#output.subarray(count);
    return count;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #decode(input: Buffer): Uint8Array {
    if (this.#decoder === undefined) return isAscii(input) ? input : Buffer.from(input.toString("latin1"), "utf8");
    try {
      return Buffer.from(this.#decoder.decode(input, { stream: !this.#ended }), "utf8");
    } catch (cause) {
      throw new DataError("MALFORMED_CSV", `The CSV is not ${this.#encoding}; give its encoding as option`, { cause });
    }
  }
}
