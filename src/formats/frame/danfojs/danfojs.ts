/** Loads danfojs: the package danfojs-node where it is installed, else the one that is built into this package. */

import { ArgumentError } from "../../../errors.js";
import { createRequire } from "../../node.js";
import { selectMasksByPosition } from "./danfojs-masks.js";
import type { Danfojs } from "./frame-base.js";

type Resolve = (name: string) => string;

/** Where package.json says the built one is; it comes into being with the package. */
const BUILT_IN = "#danfojs";

/** Whether danfojs-node is installed where this package finds it. */
export function hasDanfojs(resolve: Resolve = createRequire(import.meta.url).resolve): boolean {
  try {
    resolve("danfojs-node");
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads danfojs, and corrects how it takes boolean masks ({@link selectMasksByPosition}).
 * @throws ArgumentError `MISSING_PACKAGE` where danfojs-node is installed but cannot be loaded
 */
export async function loadDanfojs(isInstalled = hasDanfojs()): Promise<Danfojs> {
  const loaded = isInstalled ? await loadInstalled() : await import(BUILT_IN);
  const danfojs = (loaded as { readonly default?: unknown }).default ?? loaded;
  selectMasksByPosition(danfojs as Danfojs);
  return danfojs as Danfojs;
}

async function loadInstalled(): Promise<unknown> {
  try {
    return await import("danfojs-node");
  } catch (cause) {
    const message =
      `The package danfojs-node is installed but cannot be loaded: ${(cause as Error).message}\n` +
      "Repair it, or remove it (npm uninstall danfojs-node): omero2frame has a danfojs of its own.";
    throw new ArgumentError("MISSING_PACKAGE", message, { cause });
  }
}
