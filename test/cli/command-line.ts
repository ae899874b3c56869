/** The command line as a program of its own, as what is built. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { OmeroServer } from "../../src/server/index.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** @param home folder with the user's files @param env more of the environment */
export function commandLine(server: OmeroServer, home: string, env: Record<string, string> = {}) {
  if (!existsSync(MAIN)) throw new Error("nothing is built: run npm run build first");
  const address = `tcp://127.0.0.1:${server.port}`;
  const login = { OMERO_HOST: address, OMERO_USER: "user", OMERO_PASSWORD: "pass" };
  return async (args: readonly string[], { input = "", ...own }: Record<string, string> = {}): Promise<Ended> => {
    const all = { PATH: process.env.PATH ?? "", HOME: home, OMERO_USERDIR: home, ...login, ...env, ...own };
    const child = spawn(process.execPath, [MAIN, ...args], { env: all });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (errors += text));
    child.stdin.end(input);
    const [code] = (await once(child, "close")) as [number];
    return { code, output, errors };
  };
}
