/** Starts and stops the reference server: omero-py's own table servants behind a real Glacier2 router. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const environment = process.env.OMERO2FRAME_REFERENCE ?? join(here, "..", "..", ".reference");

export interface ReferenceServerOptions {
  /** Certificate and key files (PEM) of the TLS port; anonymous Diffie-Hellman without them. */
  certificate?: { cert: string; key: string };
  /** Idle seconds after which a session ends. Default 600. */
  sessionTimeout?: number;
  /** `Ice.MessageSizeMax` in KiB. Default 65536. */
  messageSizeMax?: number;
  /** Milliseconds before a wrong password is refused, Default 0; on an OMERO server 3,000. */
  failedLoginDelay?: number;
  /** Decides what is left to chance. Default 1. */
  seed?: number;
  verbose?: boolean;
}

/** What the server holds beyond the objects it starts with. */
export interface ReferenceContents {
  objects: Record<string, number[]>;
  files: number[];
  sessions: number;
  connections: number;
  openTables: number;
  /** The most calls that were ever in work at once on one service with a state. */
  mostStatefulCalls: number;
  keepAlives: number;
}

/** Python of the reference environment, with omero-py, omero2pandas, ezomero, PyTables and TileDB-Py. */
export function referencePython(): string {
  const python = join(environment, "bin", "python");
  if (!existsSync(python)) throw new Error(`no reference environment: run test/reference/setup.sh first`);
  return python;
}

/** The folder of an environment that a setup script made beside it. */
export function referenceEnvironment(name: string): string {
  const made = join(environment, name);
  if (!existsSync(made)) throw new Error(`no environment of ${name}: run test/reference/setup-${name}.sh first`);
  return made;
}

export class ReferenceServer {
  readonly port: number;
  readonly sslPort: number;
  /** Ports of the WebSockets at `/omero-ws`: plain, and with TLS. */
  readonly wsPort: number;
  readonly wssPort: number;
  readonly directory: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcess, lines: AsyncIterator<string>, ready: string) {
    const [, port, sslPort, directory, wsPort, wssPort] = ready.split(" ");
    this.port = Number(port);
    this.sslPort = Number(sslPort);
    this.wsPort = Number(wsPort);
    this.wssPort = Number(wssPort);
    this.directory = directory!;
    this.#process = process;
    this.#lines = lines;
  }

  static async start(options: ReferenceServerOptions = {}): Promise<ReferenceServer> {
    const args = ["-m", "server"];
    if (options.certificate) args.push("--cert", options.certificate.cert, "--key", options.certificate.key);
    if (options.sessionTimeout) args.push("--timeout", String(options.sessionTimeout));
    if (options.messageSizeMax) args.push("--max", String(options.messageSizeMax));
    if (options.failedLoginDelay !== undefined) args.push("--login-delay", String(options.failedLoginDelay / 1000));
    if (options.seed !== undefined) args.push("--seed", String(options.seed));
    if (options.verbose) args.push("-v");
    const stderr = options.verbose ? "inherit" : "ignore";
    // A process group of its own, so that it can be killed together with its router; it ends with its standard input.
    const child = spawn(referencePython(), args, { cwd: here, stdio: ["pipe", "pipe", stderr], detached: true });
    const reader: Interface = createInterface(child.stdout!);
    const lines = reader[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done || !first.value.startsWith("ready ")) throw new Error("the reference server did not start");
    return new ReferenceServer(child, lines, first.value);
  }

  /** Id of the process that holds the tables; its router is another. */
  get processId(): number {
    return this.#process.pid!;
  }

  contents(): Promise<ReferenceContents> {
    return this.#request("contents") as Promise<ReferenceContents>;
  }

  /** Ends every session at once, as an administrator or the idle time-out would. */
  async expireSessions(): Promise<void> {
    await this.#request("expire");
  }

  /** Kills the server and its router, with nothing finished. */
  async kill(): Promise<void> {
    const exited = this.#hasEnded ? undefined : once(this.#process, "exit");
    this.#killGroup();
    await exited;
  }

  /** Kills the server and leaves its router, which goes on taking calls for it. */
  async killBehindRouter(): Promise<void> {
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }

  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      await exited;
    }
    // Where the server died by itself its router lives on.
    this.#killGroup();
    await rm(this.directory, { recursive: true, force: true });
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #killGroup(): void {
    try {
      process.kill(-this.#process.pid!, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #request(line: string): Promise<unknown> {
    this.#process.stdin!.write(`${line}\n`);
    const answer = await this.#lines.next();
    if (answer.done) throw new Error("the reference server has ended");
    return JSON.parse(answer.value);
  }
}

/** Runs a Python script of the reference environment, or another one; gives its standard output, or throws with its standard error. */
export async function runPython(
  script: string,
  args: string[] = [],
  input = "",
  python = referencePython(),
): Promise<string> {
  const child = spawn(python, [script, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${errors}`);
  return output;
}
