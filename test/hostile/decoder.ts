/** Something that reads bytes of others, and honest bytes for it to be damaged. */
export interface Decoder {
  readonly name: string;
  /** Share of all inputs, relative to the other decoders: fast ones take more. */
  readonly share: number;
  /** Memory that one input may take: `perByte` times its bytes (default 64) and `free` (default 8 MiB). */
  readonly memory?: { readonly perByte?: number; readonly free?: number };
  /** Honest inputs. Called once, in the process that reads. */
  seeds(): Promise<readonly Seed[]> | readonly Seed[];
  /** Ends what the seeds have begun. */
  close?(): Promise<void>;
}

export interface Seed {
  readonly bytes: Uint8Array;
  /** Bytes at the beginning that are damaged, where the rest is mere content. Default: all. */
  readonly head?: number;
  /** What honest bytes are refused with, where that is what they are for: the code of the error. */
  readonly refused?: string;
  /** Reads them all the way. A promise is awaited. */
  decode(bytes: Uint8Array): unknown;
}
