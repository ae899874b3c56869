import { inspect } from "node:util";

/** Secrets in use, by which {@link withoutSecrets} knows them. */
const inUse = new Set<WeakRef<Secret>>();
const noLongerUsed = new FinalizationRegistry<WeakRef<Secret>>((secret) => inUse.delete(secret));

/** Shorter ones are too likely to be part of other words. */
const LEAST_LENGTH = 4;

/**
 * A password, session key or token. Printing, joining, inspecting or serialising it shows `[secret]`; only {@link reveal}
 * gives the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    const reference = new WeakRef(this);
    inUse.add(reference);
    noLongerUsed.register(this, reference);
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

/**
 * What somebody else says, with the secrets in use left out: a server may repeat what it was sent.
 * @param sent secrets that were sent, left out for certain: one that nothing refers to any more may no longer be known
 */
export function withoutSecrets(text: string, sent: readonly Secret[] = []): string {
  let clean = text;
  for (const secret of [...sent, ...[...inUse].map((reference) => reference.deref())]) {
    const word = secret?.reveal();
    if (word !== undefined && word.length >= LEAST_LENGTH) clean = clean.replaceAll(word, "[secret]");
  }
  return clean;
}
