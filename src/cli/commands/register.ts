import type { Command } from "commander";
import { connectionOf, type LinkArguments, type ServerFlags, withLinks, withServer } from "../options.js";
import { print } from "../output.js";
import { type WebServerArguments, webServerOf, withWebServer } from "../web-server-options.js";

interface RegisterArguments extends ServerFlags, LinkArguments, WebServerArguments {
  localPath?: string;
}

export function addRegister(root: Command, signal: AbortSignal): void {
  withWebServer(withLinks(withServer(root.command("register"))))
    .description("register a TileDB array as a table (OMERO Plus)")
    .argument("<remote-path>", "path of the array as the server sees it")
    .argument("<name>", "name of the table")
    .option("--local-path <path>", "path of the array here, where its secret token is read; the same without it")
    .action(async (remotePath: string, tableName: string, options: RegisterArguments) => {
      const { connectToOmero } = await import("../../connect/index.js");
      const { registerTable } = await import("../../write/index.js");
      const { link: links, localPath = remotePath, prefix } = options;
      const web = await webServerOf(options);
      await using connected = await connectToOmero({ ...connectionOf(options), signal });
      const table = { tableName, links, localPath, prefix, ...web, signal };
      print(`registered as annotation ${await registerTable(connected, remotePath, table)}`);
    });
}
