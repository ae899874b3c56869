/** Loads danfojs-node, which is needed for frames only and need not be installed. */
import { createRequire } from "node:module";
import { ArgumentError } from "../../errors.js";
import { type Danfojs, selectMasksByPosition } from "./danfojs-masks.js";

export type { Danfojs };

const INSTALL = [
  'npm pkg set "overrides.xlsx=0.18.5" "overrides.@tensorflow/tfjs-node=npm:@tensorflow/tfjs@3.21.0"',
  "npm install danfojs-node@^1.2.0",
];

/**
 * Finds out whether danfojs-node is installed, without loading it.
 * @throws ArgumentError `MISSING_PACKAGE`; the message says how to install it.
 */
export function checkDanfojs(resolve: (name: string) => string = createRequire(import.meta.url).resolve): void {
  try {
    resolve("danfojs-node");
  } catch (cause) {
    throw missing(cause);
  }
}

/**
 * Loads danfojs-node, and corrects how it takes boolean masks ({@link selectMasksByPosition}).
 * @throws ArgumentError `MISSING_PACKAGE`
 */
export async function loadDanfojs(): Promise<Danfojs> {
  checkDanfojs();
  const loaded: Danfojs & { readonly default?: Danfojs } = await import("danfojs-node");
  const danfojs = loaded.default ?? loaded;
  selectMasksByPosition(danfojs);
  return danfojs;
}

function missing(cause: unknown): ArgumentError {
  const message =
    "A DataFrame needs the package danfojs-node, which is not installed. In the directory of your package.json run\n" +
    `  ${INSTALL.join("\n  ")}\n` +
    "(its own dependencies cannot be installed from the npm registry without these overrides), or use readArrow.";
  return new ArgumentError("MISSING_PACKAGE", message, { cause });
}
