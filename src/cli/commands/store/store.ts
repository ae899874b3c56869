/** `omero2frame store`: what a local store holds, and ways in and out of it. */
import { type Command, InvalidArgumentError } from "commander";
import { invalidArgument } from "../../../errors.js";
import type { StoreKey } from "../../../store/index.js";
import { type JsonFlag, jsonOption } from "../../options/tables.js";
import { counted, print, printJson } from "../../output.js";
import { describeDictionaries, describeEntry } from "./listing.js";
import { retrieveEntry } from "./retrieval.js";
import { checkThere, putFile, putTable } from "./transfer.js";

const FOLDER = "folder of the store";
const KEY = "a number, or a text; or a text as ls shows it, quoted twice: '\"7\"'";

export function addStore(root: Command, signal: AbortSignal): void {
  const store = root.command("store").description("a local store of values, images and tables");
  addLs(store);
  addGet(store, signal);
  addPut(store, signal);
  addRm(store);
  addDu(store);
}

function addLs(store: Command): void {
  jsonOption(store.command("ls"))
    .description("list the dictionaries of a store, or the entries of one")
    .argument("<store>", FOLDER)
    .argument("[dictionary]", "name of a dictionary")
    .option("--prefix <text>", "only keys that begin so")
    .action(async (folder: string, dictionary: string | undefined, options: ListingArguments) => {
      await using opened = await openedStore(folder, true);
      if (dictionary === undefined) for (const line of describeDictionaries(opened.usage(), options.json)) print(line);
      else {
        const { prefix, json } = options;
        for await (const summary of opened.open(dictionary).summaries({ prefix })) print(describeEntry(summary, json));
      }
    });
}

interface ListingArguments extends JsonFlag {
  prefix?: string;
}

function addGet(store: Command, signal: AbortSignal): void {
  jsonOption(store.command("get"))
    .description(
      "print a value as JSON, a table as a line a row; or write it to a file: images to .hdf .mrc .tif .png .jpg .pgm, " +
        "tables to .csv .parquet .arrow .ndjson and so on",
    )
    .argument("<store>", FOLDER)
    .argument("<dictionary>", "name of a dictionary")
    .argument("<key>", KEY, key)
    .argument("[target]", "path of the file to write")
    .option("--overwrite", "replace the file if it exists", false)
    .action(
      async (
        folder: string,
        dictionary: string,
        name: StoreKey,
        target = "-",
        { json, overwrite }: GettingArguments,
      ) => {
        await using opened = await openedStore(folder, true);
        await retrieveEntry(opened.open(dictionary), name, target, { overwrite, signal });
        if (target === "-") return;
        if (json) printJson({ key: name, path: target });
        else print(`${JSON.stringify(name)} in ${target}`);
      },
    );
}

interface GettingArguments extends JsonFlag {
  overwrite: boolean;
}

interface PuttingArguments extends JsonFlag {
  table: boolean;
}

function addPut(store: Command, signal: AbortSignal): void {
  jsonOption(store.command("put"))
    .description("keep a file: the images of an image file, the value of a .json, the bytes of any other")
    .argument("<store>", FOLDER)
    .argument("<dictionary>", "name of a dictionary")
    .argument("<key>", `${KEY}; -1 adds at the end`, newKey)
    .argument("<source>", "path of the file")
    .option("--table", "keep the rows of a .csv, .parquet, .arrow or other file of a table", false)
    // -1 is a key, and no option.
    .allowUnknownOption()
    .action(
      async (folder: string, dictionary: string, name: StoreKey, source: string, { json, table }: PuttingArguments) => {
        await checkThere(source);
        await using opened = await openedStore(folder, false);
        const put = table ? putTable : putFile;
        const { key: last, images, rows } = await put(opened.open(dictionary), name, source, signal);
        if (json) printJson({ key: last, images, rows });
        else if (rows !== undefined) print(`${counted(rows, "row")} as ${JSON.stringify(last)}`);
        else if (images === undefined) print(JSON.stringify(last));
        else if (images === 0) print(counted(images, "image"));
        else print(`${counted(images, "image")}, the last as ${JSON.stringify(last)}`);
      },
    );
}

interface RemovingArguments extends JsonFlag {
  all?: boolean;
}

function addRm(store: Command): void {
  jsonOption(store.command("rm"))
    .description("remove an entry, or with --all a dictionary")
    .argument("<store>", FOLDER)
    .argument("<dictionary>", "name of a dictionary")
    .argument("[key]", KEY, key)
    .option("--all", "all of the dictionary")
    .action(
      async (folder: string, dictionary: string, name: StoreKey | undefined, { all, json }: RemovingArguments) => {
        if ((name === undefined) === !all) throw invalidArgument("say which key, or --all");
        const { StoreError } = await import("../../../store/index.js");
        await using opened = await openedStore(folder, false, true);
        const removed = name === undefined ? await opened.drop(dictionary) : await opened.open(dictionary).delete(name);
        const entry = name === undefined ? "anything" : JSON.stringify(name);
        if (!removed) throw new StoreError("NO_SUCH_ENTRY", `${folder} has not ${entry} in ${dictionary}`);
        if (json) printJson({ removed: name ?? dictionary });
      },
    );
}

function addDu(store: Command): void {
  jsonOption(store.command("du"))
    .description("tell how many bytes the dictionaries and the store's file take")
    .argument("<store>", FOLDER)
    .action(async (folder: string, { json }: JsonFlag) => {
      await using opened = await openedStore(folder, true);
      if (json) {
        for (const { name, bytes } of opened.usage()) printJson({ name, bytes });
        return printJson({ fileBytes: opened.fileBytes });
      }
      for (const { name, bytes } of opened.usage()) print(`${bytes}\t${name}`);
      print(`${opened.fileBytes}\ttotal, with what is free to be used again`);
    });
}

/** A store that must be there is opened to read only first, so that a wrong path makes none. */
async function openedStore(folder: string, readOnly: boolean, mustExist = readOnly) {
  const { openStore } = await import("../../../store/index.js");
  if (mustExist && !readOnly) await (await openStore(folder, { readOnly: true })).close();
  return openStore(folder, { readOnly });
}

function key(text: string): StoreKey {
  if (/^(0|[1-9]\d*)$/.test(text)) return Number(text);
  return /^".*"$/s.test(text) ? (quotedText(text) ?? text) : text;
}

/** A text as JSON quotes it; undefined for what is none. */
function quotedText(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function newKey(text: string): StoreKey {
  if (text === "-1") return -1;
  if (/^-\d+$/.test(text)) throw new InvalidArgumentError("a number is a key from 0 on; -1 adds at the end");
  return key(text);
}
