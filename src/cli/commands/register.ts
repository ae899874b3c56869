import { type Command, Option } from "commander";
import { connectionOf, type ServerFlags, withServer } from "../options/connection.js";
import { type JsonFlag, jsonOption, type LinkArguments, withLinks } from "../options/tables.js";
import { type WebServerArguments, webServerOf, withWebServer } from "../options/web-server.js";
import { print, printJson } from "../output.js";
import { readSecret } from "../session-key.js";

interface RegisterArguments extends ServerFlags, LinkArguments, WebServerArguments, JsonFlag {
  localPath?: string;
  tokenFile?: string;
}

export function addRegister(root: Command, signal: AbortSignal): void {
  withWebServer(jsonOption(withLinks(withServer(root.command("register")))))
    .description("register a TileDB array as a table (OMERO Plus)")
    .argument("<remote-path>", "path of the array as the server sees it")
    .argument("<name>", "name of the table")
    .option("--local-path <path>", "path of the array here, where its secret token is read; the same without it")
    .addOption(
      new Option("--token-file <path>", "the secret token is in this file, for an array that is not here").conflicts(
        "localPath",
      ),
    )
    .action(async (remotePath: string, tableName: string, options: RegisterArguments) => {
      const { connectToOmero } = await import("../../connect/index.js");
      const { registerTable } = await import("../../write/index.js");
      const { link: links, localPath = remotePath, tokenFile, prefix } = options;
      const secret = tokenFile === undefined ? { localPath } : { token: await readSecret(tokenFile, "secret token") };
      const web = webServerOf(options);
      await using connected = await connectToOmero({ ...connectionOf(options), signal });
      const table = { tableName, links, ...secret, prefix, ...web, signal };
      const annotationId = await registerTable(connected, remotePath, table);
      if (options.json) printJson({ annotationId });
      else print(`registered as annotation ${annotationId}`);
    });
}
