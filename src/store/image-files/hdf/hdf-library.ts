/** The package h5wasm, which is loaded when the first stack of EMAN2 is read or written. */
import { ArgumentError } from "../../../errors.js";

export type Hdf = typeof import("h5wasm/node");
export type HdfFile = InstanceType<Hdf["File"]>;
export type HdfGroup = InstanceType<Hdf["Group"]>;

/** A stack that is open to be read. */
export interface OpenStack {
  readonly path: string;
  readonly file: HdfFile;
  /** Bytes of the file. */
  readonly size: number;
}

/** The group that holds the images of an EMAN2 stack. */
export const IMAGES = "/MDF/images";

let loaded: Promise<Hdf> | undefined;

/** @throws ArgumentError `MISSING_PACKAGE` */
export function hdfLibrary(): Promise<Hdf> {
  loaded ??= load().catch((cause) => {
    loaded = undefined;
    const message = "Stacks of EMAN2 are read and written with the package h5wasm; install it with: npm install h5wasm";
    throw new ArgumentError("MISSING_PACKAGE", message, { cause });
  });
  return loaded;
}

async function load(): Promise<Hdf> {
  const hdf = await import("h5wasm/node");
  const functions = (await hdf.ready) as unknown as { activate_throwing_error_handler(): number };
  // Errors are thrown, and not printed.
  functions.activate_throwing_error_handler();
  return hdf;
}
