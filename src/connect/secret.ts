import { inspect } from "node:util";

/**
 * A password or session key. Printing, joining, inspecting or serialising it shows `[secret]`; only {@link reveal}
 * gives the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
