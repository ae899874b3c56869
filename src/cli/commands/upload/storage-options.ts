/** Options of commands that make a table on a server: how it is stored, and what is said of it. */
import type { Command } from "commander";
import { metadataEntry } from "../../options/values.js";
import {
  type PlaceArguments,
  remoteTableOf,
  type WebServerArguments,
  withWebServer,
} from "../../options/web-server.js";

/** What the options of {@link storageOptions} parse to. */
export interface StorageFlags extends WebServerArguments, PlaceArguments {
  readonly description?: string;
  readonly metadata?: Record<string, bigint | number | string>;
  readonly replace: boolean;
  readonly replaceEveryones: boolean;
  readonly split: boolean;
}

export function storageOptions(command: Command): Command {
  return withWebServer(command)
    .option("--description <text>", "of the annotation")
    .option("--metadata <key=value>", "metadata of the table; give it again for more", metadataEntry)
    .option("--replace", "replace your tables of this name on the same object", false)
    .option("--replace-everyones", "replace those of others as well", false)
    .option("--split", "store more columns than a table has room for as several tables, which are read as one", false)
    .option("--local-path <path>", "make it a remote table (OMERO Plus): write its TileDB array here and register it")
    .option("--remote-path <path>", "the same place as the server sees it; the same path without it");
}

/** The options of `uploadTable` that they stand for. @throws FileError `CANNOT_READ_FILE` */
export function storageChoice(flags: StorageFlags) {
  const { description, metadata, split } = flags;
  const replace = flags.replaceEveryones ? ("everyone's" as const) : flags.replace;
  return { ...remoteTableOf(flags), description, metadata, replace, split };
}
