/** The embedded server in a process of its own, which can be killed. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ServerContents, ServerOptions } from "../../src/server/index.js";
import { labOptions } from "../connect/embedded.js";

const PROGRAM = fileURLToPath(new URL("served-process.mjs", import.meta.url));
/** What the process runs: the sources, or what was built of them, which starts sooner. */
const SOURCES = new URL("../../src/server/index.ts", import.meta.url).href;
const BUILT = "omero2frame/server";

/** Options that can be written as text. */
export type ProcessOptions = Omit<ServerOptions, "beforeCall" | "log">;

/** As the server tells them. */
export type PlainContents = { [Part in keyof ServerContents]: PlainPart<ServerContents[Part]> };
type PlainPart<T> = T extends number
  ? number
  : T extends ReadonlyMap<number, number>
    ? [number, number][]
    : PlainItem[];
// biome-ignore lint/suspicious/noExplicitAny: what the tests look at they name
type PlainItem = any;

export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number;
  readonly directory: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncIterator<string>;
  readonly #isTemporary: boolean;
  #errors = "";

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, Readable>,
    answers: AsyncIterator<string>,
    ready: string,
    isTemporary: boolean,
  ) {
    this.#isTemporary = isTemporary;
    ({ port: this.port, tlsPort: this.tlsPort, directory: this.directory } = JSON.parse(ready));
    this.#child = child;
    this.#answers = answers;
    child.stderr.on("data", (text) => {
      this.#errors += text;
    });
  }

  /** Starts the lab's server. `built`: what `npm run build` has made. */
  static async start(options: ProcessOptions = {}, { built = false } = {}): Promise<ServerProcess> {
    const flags = built ? ["--expose-gc"] : ["--expose-gc", "--import", "tsx"];
    const args = [JSON.stringify(labOptions(options)), built ? BUILT : SOURCES];
    const child = spawn(process.execPath, [...flags, PROGRAM, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    const first = await answers.next();
    if (first.done) throw new Error(`the server did not start: ${errors}`);
    return new ServerProcess(child, answers, first.value, options.directory === undefined);
  }

  contents(): Promise<PlainContents> {
    return this.#ask("contents");
  }

  /** Bytes in use, rubbish collected. */
  memory(): Promise<number> {
    return this.#ask("memory");
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it has printed as errors. */
  get errors(): string {
    return this.#errors;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** `kill -9`; what was in a temporary directory is gone. */
  async kill(): Promise<void> {
    await this.#end(() => this.#child.kill("SIGKILL"));
    if (this.#isTemporary) await rm(this.directory, { recursive: true, force: true });
  }

  /** Ends as it should, or is killed if it does not. */
  async [Symbol.asyncDispose](): Promise<void> {
    const timer = setTimeout(() => void this.kill(), 10_000);
    await this.#end(() => this.#child.stdin.end());
    clearTimeout(timer);
  }

  async #end(how: () => void): Promise<void> {
    if (!this.running) return;
    const exited = once(this.#child, "exit");
    how();
    await exited;
  }

  async #ask<T>(question: string): Promise<T> {
    this.#child.stdin.write(`${question}\n`);
    const answer = await this.#answers.next();
    if (answer.done) throw new Error(`the server has ended: ${this.#errors}`);
    return JSON.parse(answer.value) as T;
  }
}
