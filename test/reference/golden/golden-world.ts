/** The embedded server with the world in it that a real server was asked of. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type OmeroServer, startServer } from "../../../src/server/index.js";
import { referencePython } from "../reference-server.js";

export const ROOT_PASSWORD = "omero";

export class GoldenWorld implements AsyncDisposable {
  readonly server: OmeroServer;
  readonly folder: string;

  private constructor(server: OmeroServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  /** A server with nothing but an administrator. */
  static async empty(): Promise<GoldenWorld> {
    const server = await startServer({ users: [{ name: "root", password: ROOT_PASSWORD }], objects: [] });
    return new GoldenWorld(server, await mkdtemp(join(tmpdir(), "omero2frame-golden-")));
  }

  static async make(): Promise<GoldenWorld> {
    const world = await GoldenWorld.empty();
    await world.run("world.py", ROOT_PASSWORD, world.path("ids.json"));
    return world;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a program of this folder with the server's port and these arguments. */
  run(program: string, ...args: string[]): Promise<string> {
    return this.runAt(this.server.tlsPort, program, ...args);
  }

  runAt(port: number, program: string, ...args: string[]): Promise<string> {
    return this.runWith(program, String(port), ...args);
  }

  async runWith(program: string, ...args: string[]): Promise<string> {
    return this.runBy(referencePython(), program, ...args);
  }

  async runBy(python: string, program: string, ...args: string[]): Promise<string> {
    const script = fileURLToPath(new URL(program, import.meta.url));
    const env = { ...process.env, PYTHONWARNINGS: "ignore" };
    const options = { env, cwd: this.folder, maxBuffer: 1 << 26 };
    const { stdout } = await promisify(execFile)(python, [script, ...args], options);
    return stdout;
  }

  async json<T>(name: string): Promise<T> {
    return JSON.parse(await readFile(this.path(name), "utf8")) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the real server answered. */
export async function goldenAnswers<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(name, import.meta.url), "utf8")) as T;
}
