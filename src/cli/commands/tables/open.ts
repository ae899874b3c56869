import type { Command } from "commander";
import { atHost, type ChosenTable, chosenTable } from "../../naming/table-name.js";
import { isWebAddress, parseWebAddress } from "../../naming/web-address.js";
import {
  connectionOf,
  count,
  type JsonFlag,
  jsonOption,
  objectLink,
  type ServerFlags,
  withServer,
} from "../../options.js";
import { counted, print, printJson } from "../../output.js";
import { printFiles } from "./files.js";

interface OpenFlags extends ServerFlags, JsonFlag {
  readonly count: number;
}

export function addOpen(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("open")))
    .description(
      "show what an address of OMERO.web names: a table's columns and first rows, or what is attached to an object",
    )
    .argument("<address>", "as a browser has it, or an object such as Image:5", addressed)
    .option("-n, --count <rows>", "how many rows", count, 5)
    .action(async (place: ReturnType<typeof addressed>, options: OpenFlags) => {
      const flags = atHost(place, options);
      if (!("object" in place)) return showTable(chosenTable(place, flags), options, signal);
      const { listFiles } = await import("../../../gateway/files/attached-file.js");
      const [parentType, parentId] = place.object;
      printFiles(await listFiles({ ...connectionOf(flags), parentType, parentId, signal }), options);
    });
}

function addressed(text: string) {
  return isWebAddress(text) ? parseWebAddress(text) : { object: objectLink(text) };
}

async function showTable(table: ChosenTable, options: OpenFlags, signal: AbortSignal): Promise<void> {
  const { openTableSource } = await import("../../../read/index.js");
  const { firstRows } = await import("../../shown/read-some.js");
  const { showBatches } = await import("../../shown/show-batches.js");
  const source = await openTableSource({ ...table, signal });
  try {
    const { rowCount, fields } = source.table;
    if (options.json) printJson({ rowCount, columns: fields });
    else print(`${counted(rowCount, "row")}, ${counted(fields.length, "column")}`);
    await showBatches(await firstRows({ table: source.table, signal }, options.count), options);
  } finally {
    await source.close();
  }
}
