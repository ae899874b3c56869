import type { Command } from "commander";
import { connectToOmero, type OmeroConnection } from "../../../connect/index.js";
import { beginCleaning } from "../../../flow/process/cleaning.js";
import { type ChosenTable, chosenTable, type TableName, tableArgument } from "../../naming/table-name.js";
import { portNumber, readTableOptions, type TableOptions } from "../../options.js";
import { print } from "../../output.js";
import { untilStopped } from "../../until-stopped.js";

interface ViewFlags extends TableOptions {
  readonly listen: number;
}

export function addView(root: Command, signal: AbortSignal): void {
  readTableOptions(tableArgument(root.command("view")))
    .description("show a table of any size in a browser on this machine, until interrupted; the address lets in")
    .option("--listen <port>", "port of the page; 0 is any that is free", portNumber, 0)
    .action(async (name: TableName | undefined, options: ViewFlags) => {
      const chosen = chosenTable(name, options);
      const { openTableSource } = await import("../../../read/index.js");
      const { servePage } = await import("../../../view/page/page-server.js");
      const endCleaning = beginCleaning();
      const connection = chosen.path === undefined ? await connectTo(chosen, signal) : undefined;
      try {
        const { fileId, annotationId, parentType, parentId, path } = chosen;
        const which = { fileId, annotationId, parentType, parentId };
        const source = await openTableSource(connection ? { ...which, connection } : { path });
        const title = path ?? `Table ${fileId ?? annotationId ?? `${parentType} ${parentId}`}`;
        const thumbnail = connection && ((id: bigint) => thumbnailOf(connection, id));
        await using page = await servePage({ table: source.table, title, port: options.listen, thumbnail });
        print(page.url);
        await untilStopped(signal);
        await source.close();
      } finally {
        await connection?.close();
        endCleaning();
      }
    });
}

async function connectTo(chosen: ChosenTable, signal: AbortSignal): Promise<OmeroConnection> {
  const { fileId: _, annotationId: __, parentType: ___, parentId: ____, path: _____, ...server } = chosen;
  await import("../../../gateway/index.js");
  return connectToOmero({ ...server, signal });
}

async function thumbnailOf(connection: OmeroConnection, id: bigint): Promise<Uint8Array | undefined> {
  return (await connection.getThumbnails([id], { size: 256 })).get(Number(id));
}
