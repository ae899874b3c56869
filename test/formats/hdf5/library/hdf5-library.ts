/**
 * The HDF5 library itself, compiled to WebAssembly (h5wasm). The tests take its word for what a
 * file holds, and have it make files that PyTables does not.
 */
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import type * as H5wasm from "h5wasm/node";
import { malformedHdf5 } from "../../../../src/formats/hdf5/structure/malformed.js";

/** What h5wasm has and its types do not tell. */
interface Untyped {
  readonly HEAPU8: Uint8Array;
  _malloc(length: number): number;
  _free(pointer: number): void;
  readonly FS: { readonly streams: ({ nfd: number } | null)[]; close(stream: object): void };
}
export type Hdf5Functions = Omit<typeof H5wasm.Module, "FS"> & Untyped;

/** Streams 0 to 2 are the process's own. */
const STANDARD_ERROR = 2;

/**
 * An instance of the library for one file: what a damaged file does to it ends with it.
 */
export class Hdf5Library {
  readonly #functions: Hdf5Functions;
  readonly #output: Output;
  readonly #nowhere: number;
  #closed = false;

  private constructor(functions: Hdf5Functions, output: Output) {
    this.#functions = functions;
    this.#output = output;
    // HDF5 prints what goes wrong; here errors are thrown.
    this.#nowhere = openSync(devNull, "w");
    functions.FS.streams[STANDARD_ERROR]!.nfd = this.#nowhere;
  }

  static async start(): Promise<Hdf5Library> {
    // The package's main module makes one instance; this is what it makes it of.
    const location = new URL("hdf5_util.js", import.meta.resolve("h5wasm/node"));
    const { default: instantiate } = await import(location.href);
    const output = { muted: false };
    return new Hdf5Library(await withMutableOutput(output, () => instantiate({ noInitialRun: true })), output);
  }

  /**
   * Calls the library.
   * @param what names what is done, in errors.
   * @throws DataError `MALFORMED_FILE` where it fails.
   */
  call<T>(subject: string, work: (functions: Hdf5Functions) => T): T {
    if (this.#closed) throw malformedHdf5(`the HDF5 library was closed before it could ${subject}`);
    this.#output.muted = true;
    try {
      const result = work(this.#functions);
      if (typeof result === "number" && result < 0) throw malformedHdf5(`the HDF5 library cannot ${subject}`);
      return result;
    } catch (error) {
      if (error instanceof Error && "code" in error) throw error;
      throw malformedHdf5(
        `the HDF5 library cannot ${subject}: ${error instanceof Error ? error.message : "it failed"}`,
      );
    } finally {
      this.#output.muted = false;
    }
  }

  /** Gives `work` the address of `length` bytes of the library's memory. */
  withMemory<T>(length: number, work: (pointer: number, functions: Hdf5Functions) => T): T {
    return this.call(`use ${length} bytes`, (functions) => {
      const pointer = functions._malloc(Math.max(1, length));
      if (pointer === 0) throw malformedHdf5(`the HDF5 library has no room for ${length} bytes`);
      try {
        return work(pointer, functions);
      } finally {
        functions._free(pointer);
      }
    });
  }

  /** Closes whatever the library still has open. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of this.#functions.FS.streams.slice(STANDARD_ERROR + 1)) {
      if (stream) this.#functions.FS.close(stream);
    }
    closeSync(this.#nowhere);
  }
}

interface Output {
  muted: boolean;
}

/** The library keeps the `console.error` it finds when it starts: it is given one that can be muted. */
async function withMutableOutput<T>(output: Output, work: () => Promise<T>): Promise<T> {
  const printError = console.error;
  console.error = (...args: unknown[]) => {
    if (!output.muted) printError.apply(console, args);
  };
  try {
    return await work();
  } finally {
    console.error = printError;
  }
}
