/** Reads where the slices begin and end of which instances and exceptions consist, one for each class they derive from. */
import { WireError } from "../../../errors.js";
import type { InputBuffer } from "./input-buffer.js";

export interface Slice {
  readonly typeId: string;
  /** Offset after the slice. */
  readonly end: number;
}

export class SliceHeads {
  readonly #input: InputBuffer;
  /** Those of instances so far, in the order in which they came. */
  readonly #typeIds: string[] = [];

  constructor(input: InputBuffer) {
    this.#input = input;
  }

  /** The head of an instance's slice, in which a type id that came before is its index. */
  ofInstance(): Slice {
    const input = this.#input;
    if (input.readBool()) {
      const index = input.readSize();
      const typeId = this.#typeIds[index - 1];
      if (typeId === undefined) throw input.fail(`no type id has index ${index}`);
      return { typeId, end: this.#readEnd() };
    }
    const typeId = input.readString();
    this.#typeIds.push(typeId);
    return { typeId, end: this.#readEnd() };
  }

  ofException(): Slice {
    const typeId = this.#input.readString();
    return { typeId, end: this.#readEnd() };
  }

  /** Nothing on the wire says which slice of an exception is the last: past it, there is no head to read. */
  tryOfException(): Slice | undefined {
    try {
      return this.ofException();
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  #readEnd(): number {
    const input = this.#input;
    const start = input.offset;
    const size = input.readInt();
    if (size < 4 || size - 4 > input.remaining) throw input.fail(`a slice of ${size} bytes`);
    return start + size;
  }
}
