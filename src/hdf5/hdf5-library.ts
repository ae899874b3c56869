/**
 * The HDF5 library itself, compiled to WebAssembly (h5wasm). It takes a third of a second to load and much memory, so
 * it is loaded only for files laid out in a way `format/` does not read.
 */
import { openSync } from "node:fs";
import { devNull } from "node:os";
import type * as H5wasm from "h5wasm/node";
import { malformed } from "./format/malformed.js";

type H5Module = typeof H5wasm.Module;

/** What h5wasm has and its types do not tell. */
interface Untyped {
  readonly HEAPU8: Uint8Array;
  _malloc(length: number): number;
  _free(pointer: number): void;
  readonly FS: { readonly streams: { nfd: number }[] };
}
export type Hdf5Functions = Omit<H5Module, "FS"> & Untyped;

let loading: Promise<Hdf5Library> | undefined;
let loads = 0;

/** The library, loaded once; loaded anew after a file made it fail. */
export function hdf5Library(): Promise<Hdf5Library> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** One instance of the library. */
export class Hdf5Library {
  readonly #functions: Hdf5Functions;
  readonly #output: { muted: boolean };
  #failed = false;

  constructor(functions: Hdf5Functions, output: { muted: boolean }) {
    this.#functions = functions;
    this.#output = output;
  }

  /**
   * Calls the library.
   * @param what names what is done, in errors.
   * @throws DataError `MALFORMED_FILE` where it fails.
   */
  call<T>(what: string, work: (functions: Hdf5Functions) => T): T {
    if (this.#failed) throw malformed(`the HDF5 library failed before it could ${what}`);
    this.#output.muted = true;
    try {
      const result = work(this.#functions);
      if (typeof result === "number" && result < 0) throw malformed(`the HDF5 library cannot ${what}`);
      return result;
    } catch (error) {
      throw this.#toDataError(what, error);
    } finally {
      this.#output.muted = false;
    }
  }

  #toDataError(what: string, error: unknown): unknown {
    if (error instanceof Error && "code" in error) return error;
    // A trap of WebAssembly, or what Emscripten throws on exit: the library's memory cannot be trusted any more.
    if (!(error instanceof Error) || error.name === "RuntimeError") {
      this.#failed = true;
      loading = undefined;
    }
    return malformed(`the HDF5 library cannot ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  /** Gives `work` the address of `length` bytes of the library's memory. */
  withMemory<T>(length: number, work: (pointer: number, functions: Hdf5Functions) => T): T {
    return this.call(`reserve ${length} bytes`, (functions) => {
      const pointer = functions._malloc(Math.max(1, length));
      if (pointer === 0) throw malformed(`the HDF5 library has no room for ${length} bytes`);
      try {
        return work(pointer, functions);
      } finally {
        functions._free(pointer);
      }
    });
  }
}

async function load(): Promise<Hdf5Library> {
  const output = { muted: false };
  const functions = await withMutableOutput(output, importAnew);
  // HDF5 prints what goes wrong; here errors are thrown.
  functions.FS.streams[2]!.nfd = openSync(devNull, "w");
  return new Hdf5Library(functions, output);
}

async function importAnew(): Promise<Hdf5Functions> {
  const first = loads++ === 0 || typeof import.meta.resolve !== "function";
  const module: typeof H5wasm = first
    ? await import("h5wasm/node")
    : await import(`${import.meta.resolve("h5wasm/node")}?${loads}`);
  return (await module.ready) as unknown as Hdf5Functions;
}

/** The library keeps the `console.error` it finds when it is loaded: it is given one that can be muted. */
async function withMutableOutput<T>(output: { muted: boolean }, work: () => Promise<T>): Promise<T> {
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
