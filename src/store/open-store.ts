/** Opening a store: a folder with dictionaries, which many processes of one machine share. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { invalidArgument, StoreError } from "../errors.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { existingPart, makeFolder, networkFileSystem } from "./local-folder.js";
import type { Durability } from "./records/durability.js";
import { Environment, readLmdb } from "./records/environment.js";
import { removeLeftBehind } from "./records/staging.js";
import { checkStoreFile } from "./records/store-file.js";
import { checkLockFile } from "./sharing/lock-file.js";
import { Store } from "./store.js";

/** How a store is opened. */
export interface OpenStoreOptions {
  /**
   * When a write counts as done. `"always"`: when it is on the disk, whatever happens next. `"batched"`: when all
   * processes see it; a power failure may then undo the last write, but damages nothing, and the end of a process, however
   * it comes, undoes nothing. Default `"always"`.
   */
  readonly sync?: Durability | undefined;
  /** Only to read: it must be there, and may then be on a network file system. Default false. */
  readonly readOnly?: boolean | undefined;
}

const OPEN_OPTIONS: OptionNames<OpenStoreOptions> = { sync: true, readOnly: true };

const FORMAT = "1";

/**
 * Opens the store in a folder, which is made if it is missing. Any number of processes of this machine may have it open
 * and write to it. Close it, or let `await using` do so.
 * @throws StoreError `NETWORK_FILE_SYSTEM`, `NO_SUCH_STORE`, `STORE_FAILED`; ArgumentError `INVALID_ARGUMENT`; FileError `CANNOT_WRITE_FILE`
 *
 * @example
 * await using store = await openStore("analysis.store");
 * const results = store.open("results");
 * await results.set("threshold", 0.35);
 */
export async function openStore(path: string, options: OpenStoreOptions = {}): Promise<Store> {
  const { sync = "always", readOnly = false } = checked(path, options);
  const folder = resolve(path);
  if (readOnly) refuseMissing(folder);
  else {
    await refuseNetwork(folder);
    await makeFolder(folder);
  }
  await checkStoreFile(folder, !readOnly);
  await checkLockFile(folder);
  const env = await Environment.openShared(folder, { readOnly, sync });
  try {
    await checkFormat(env);
    if (!readOnly) await removeLeftBehind(env);
    return new Store(env);
  } catch (error) {
    await env.close();
    throw error;
  }
}

function checked(path: string, options: OpenStoreOptions): OpenStoreOptions {
  checkOptions(options, OPEN_OPTIONS, "openStore");
  const { sync } = options;
  if (typeof path !== "string" || path === "") throw invalidArgument("Say where the store is: the path of a folder");
  if (sync !== undefined && sync !== "always" && sync !== "batched") {
    throw invalidArgument(`sync is "always" or "batched", not ${JSON.stringify(sync)}`);
  }
  return options;
}

function refuseMissing(folder: string): void {
  if (existsSync(join(folder, "data.mdb"))) return;
  throw new StoreError("NO_SUCH_STORE", `There is no store in ${folder}`, { path: folder });
}

/** Before anything is made there. @throws StoreError `NETWORK_FILE_SYSTEM` */
async function refuseNetwork(path: string): Promise<void> {
  const system = await networkFileSystem(await existingPart(path));
  if (system === undefined) return;
  const message =
    `${path} is on a network file system, ${system}: processes on several machines would destroy each other's writes ` +
    "there. Put the store on a disk of this machine, or open it with readOnly";
  throw new StoreError("NETWORK_FILE_SYSTEM", message, { path });
}

async function checkFormat(env: Environment): Promise<void> {
  const about = env.database<string>("store");
  const found = readLmdb(() => about?.getBinary("format"));
  if (found === undefined && !env.readOnly) {
    await env.write(() => about!.putSync("format", Buffer.from(FORMAT)));
  } else if (found === undefined || Buffer.from(found).toString() !== FORMAT) {
    const message = `${env.path} is no store this version knows. A newer version of this package may have made it`;
    throw new StoreError("STORE_FAILED", message, { path: env.path });
  }
}
