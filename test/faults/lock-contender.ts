/** A process that starts a server on the directory it is told, and says whether it could, or ends it. */
import { createInterface } from "node:readline";
import type { OmeroServer } from "../../src/server/index.js";
import { startLabServer } from "../connect/embedded.js";

let server: OmeroServer | undefined;
console.log("ready");
for await (const directory of createInterface(process.stdin)) {
  try {
    if (directory === "") await server?.close();
    else server = await startLabServer({ directory });
    console.log(directory === "" ? "ended" : "up");
  } catch (error) {
    console.log((error as Error).message);
  }
}
