/** LMDB opens a file once in a process, in the way that it is first asked to; who opens it later shares that. */
import { existsSync, realpathSync } from "node:fs";
import { invalidArgument } from "../../errors.js";
import type { EnvironmentOptions } from "../records/durability.js";

interface Opened {
  readonly options: EnvironmentOptions;
  count: number;
}

const opened = new Map<string, Opened>();

/** From the least that survives a loss of power to the most. */
const STRENGTH = { never: 0, batched: 1, always: 2 } as const;

/**
 * Notes that a store is opened; returns what notes that it is closed.
 * @throws ArgumentError `INVALID_ARGUMENT` where it is open in a way that is less than what is asked for
 */
export function noteOpened(path: string, options: EnvironmentOptions): () => void {
  const name = existsSync(path) ? realpathSync(path) : path;
  const found = opened.get(name) ?? { options, count: 0 };
  checkEnough(path, found.options, options);
  found.count++;
  opened.set(name, found);
  return () => {
    if (--found.count === 0) opened.delete(name);
  };
}

function checkEnough(path: string, has: EnvironmentOptions, asked: EnvironmentOptions): void {
  if (has.readOnly && !asked.readOnly) throw openAlready(path, "to be read only");
  if (!asked.readOnly && STRENGTH[has.sync] < STRENGTH[asked.sync]) throw openAlready(path, `with sync "${has.sync}"`);
}

function openAlready(path: string, how: string): Error {
  return invalidArgument(`This process has ${path} open ${how}: close that first, or open it in the same way`);
}
