import type { Command } from "commander";
import { connectToOmero, type OmeroConnection } from "../../../connect/index.js";
import { beginCleaning } from "../../../flow/process/cleaning.js";
import { type ChosenTable, type TableName, tableArgument, withChosenTable } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, type ReadTableFlags, readTableOptions } from "../../options/tables.js";
import { portNumber } from "../../options/values.js";
import { print, printJson } from "../../output.js";
import { untilStopped } from "../../until-stopped.js";

interface ViewFlags extends ReadTableFlags, JsonFlag {
  readonly listen: number;
  readonly title?: string;
}

export function addView(root: Command, signal: AbortSignal): void {
  jsonOption(readTableOptions(tableArgument(root.command("view"))))
    .description("show a table of any size in a browser on this machine, until interrupted; the address lets in")
    .option("--listen <port>", "port of the page; 0 is any that is free", portNumber, 0)
    .option("--title <text>", "above the table")
    .action((name: TableName | undefined, options: ViewFlags) =>
      withChosenTable(name, options, signal, async (chosen) => {
        const endCleaning = beginCleaning();
        const connection = chosen.path === undefined ? await connectTo(chosen, signal) : undefined;
        try {
          await serve(chosen, connection, options, signal);
        } finally {
          await connection?.close();
          endCleaning();
        }
      }),
    );
}

async function serve(
  chosen: ChosenTable,
  connection: OmeroConnection | undefined,
  options: ViewFlags,
  signal: AbortSignal,
): Promise<void> {
  const { openTableSource } = await import("../../../read/index.js");
  const { servePage } = await import("../../../view/page/page-server.js");
  const { fileId, annotationId, parentType, parentId, path, namespace, name, maxBytes, route, onRoute } = chosen;
  const which = { fileId, annotationId, parentType, parentId, namespace, name, route, onRoute };
  const source = await openTableSource(connection ? { ...which, connection, signal } : { path, maxBytes, signal });
  try {
    const called = path ?? `Table ${fileId ?? annotationId ?? `of ${parentType} ${parentId}`}`;
    const { listen: port, title = called } = options;
    const thumbnail = connection && ((id: bigint) => thumbnailOf(connection, id));
    await using page = await servePage({ table: source.table, title, port, connection, thumbnail });
    if (options.json) printJson({ url: page.url });
    else print(page.url);
    await untilStopped(signal);
  } finally {
    await source.close();
  }
}

async function connectTo(chosen: ChosenTable, signal: AbortSignal): Promise<OmeroConnection> {
  const { fileId, annotationId, parentType, parentId, path, namespace, name, maxBytes, route, onRoute, ...server } =
    chosen;
  await import("../../../gateway/index.js");
  return connectToOmero({ ...server, signal });
}

async function thumbnailOf(connection: OmeroConnection, id: bigint): Promise<Uint8Array | undefined> {
  return (await connection.getThumbnails([id], { size: 256 })).get(Number(id));
}
