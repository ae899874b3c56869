/** A place for images and values, to be compared with others. */
export interface KeptImage {
  readonly n: number;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
  readonly header: object;
}

export interface Keeper {
  /** Resolves when they are on the disk; so do the other writes. */
  putImages(images: readonly KeptImage[]): Promise<void>;
  image(n: number): Promise<unknown>;
  header(n: number): Promise<unknown>;
  attribute(n: number, name: string): Promise<unknown>;
  setAttribute(n: number, name: string, value: number): Promise<void>;
  /** Value `n` is `{ n, name: "value n" }`. */
  putValues(numbers: readonly number[]): Promise<void>;
  value(n: number): Promise<unknown>;
  range(from: number, to: number): Promise<void>;
  close(): Promise<void>;
}

/** Microseconds each: on the clock, and of a processor. */
export interface Time {
  readonly wall: number;
  readonly cpu: number;
}

/** What was measured of a keeper. */
export interface Figures {
  readonly times: Readonly<Record<string, Time>>;
  /** How many there were of each. */
  readonly images: number;
  readonly values: number;
  /** Of the process's own memory, without what it has mapped of files, and without the large images. */
  readonly peakMiB: number;
  readonly diskMiB: number;
}

/** What a maker gives where its package is not installed. */
export const missing = Symbol("missing");
export type KeeperMaker = (folder: string) => Promise<Keeper | typeof missing>;

export const itemOf = (n: number) => ({ n, name: `value ${n}` });
export const bytesOf = (data: Float32Array | Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** A package that may be missing. */
// biome-ignore lint/suspicious/noExplicitAny: what is not installed has no types
export async function optional(name: string): Promise<Record<string, any> | undefined> {
  return import(name).catch(() => undefined);
}
