/** Uploads files by the function and by the command line, and tells what is stored of them. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OmeroConnection } from "../../src/connect/index.js";
import { uploadTable } from "../../src/write/index.js";
import { readPopulated } from "./read-populated.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Columns as "name:Type" and rows, or what the error says. */
export type Stored = { readonly fields: string[]; readonly rows: unknown[][] } | { readonly error: string };

export interface Uploads extends AsyncDisposable {
  byFunction(file: string, content: string | Buffer): Promise<Stored>;
  byCommand(file: string, content: string | Buffer): Promise<Stored>;
}

/** @param server as in the option `--server` */
export async function uploadsTo(connection: OmeroConnection, server: string): Promise<Uploads> {
  const directory = await mkdtemp(join(tmpdir(), "omero2frame-files-"));
  const written = async (file: string, content: string | Buffer) => {
    const path = join(directory, file);
    await writeFile(path, content);
    return path;
  };
  const stored = async (fileId: number): Promise<Stored> => {
    const { columns, rows } = await readPopulated(connection, fileId);
    return { fields: columns.map(([name, type]) => `${name}:${type}`), rows: rows as unknown[][] };
  };
  return {
    async byFunction(file, content) {
      const path = await written(file, content);
      try {
        const { fileId } = await uploadTable(path, file, { connection, parentId: 1, onWarning: () => {} });
        return await stored(fileId);
      } catch (error) {
        const { code, message } = error as Error & { code: string };
        return { error: `${code}: ${message}` };
      }
    },
    async byCommand(file, content) {
      const path = await written(file, content);
      const args = ["upload", path, file, "--link", "Image:1", "--server", server, "--user", "user"];
      const { output, errors } = await run(args, directory);
      const [, fileId] = /file (\d+)/.exec(output) ?? [];
      return fileId === undefined ? { error: errors } : stored(Number(fileId));
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

function run(args: readonly string[], home: string): Promise<{ output: string; errors: string }> {
  const env = { PATH: process.env.PATH, HOME: home, OMERO_USERDIR: home, OMERO_PASSWORD: "pass" };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (_, output, errors) => resolve({ output, errors }));
  });
}
