/** A Python process of the reference environment that runs code for tests: the peers' clients start once for many tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { StatedTable } from "../support/stated-cells.js";
import { referencePython } from "./reference-server.js";

/** A pandas DataFrame: row labels, and columns with the kind of their values. */
export interface Frame extends StatedTable {
  readonly index: readonly number[];
}

/** An exception of Python's. */
export class PythonError extends Error {
  /** Name of its class, for example `ValueError`. */
  readonly type: string;
  readonly trace: string;

  constructor({ type, message, trace }: { type: string; message: string; trace: string }) {
    super(`${type}: ${message}`);
    this.type = type;
    this.trace = trace;
  }
}

const SCRIPT = fileURLToPath(new URL("python_session.py", import.meta.url));
/** Of what Python prints beside its answers, the end is kept for errors. */
const KEPT_OUTPUT = 10_000;

export class PythonSession implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #printed = "";
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#printed = (this.#printed + text).slice(-KEPT_OUTPUT);
    });
  }

  /** @param code runs first; what it imports and defines stays for {@link run}. */
  static async start(code: string, environment: Record<string, string> = {}): Promise<PythonSession> {
    const env = { ...process.env, PYTHONWARNINGS: "ignore", ...environment };
    const session = new PythonSession(spawn(referencePython(), [SCRIPT], { stdio: "pipe", env }));
    await session.run(code);
    return session;
  }

  /** Runs code with `inputs` as variables; gives what it leaves in `result`. @throws PythonError */
  run<T = unknown>(code: string, inputs: Record<string, unknown> = {}): Promise<T> {
    const answer = this.#turn.then(() => this.#run(code, inputs));
    this.#turn = answer.catch(() => {});
    return answer as Promise<T>;
  }

  async #run(code: string, inputs: Record<string, unknown>): Promise<unknown> {
    this.#process.stdin!.write(`${JSON.stringify({ code: dedent(code), inputs: encode(inputs) })}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error(`Python ended:\n${this.#printed}`);
    const { result, error } = JSON.parse(line.value, revive);
    if (error) throw new PythonError(error);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#process, "exit");
    this.#process.stdin!.end();
    if (this.#process.exitCode === null) await exited;
  }
}

/** The code without the indentation of its first line. */
function dedent(code: string): string {
  const indentation = /^\n*( *)/.exec(code)![1]!;
  return code.replaceAll(`\n${indentation}`, "\n").trimStart();
}

function encode(value: unknown): unknown {
  if (typeof value === "bigint") return { $int: String(value) };
  if (typeof value === "number" && !(Number.isFinite(value) && !Object.is(value, -0))) return { $float: hexOf(value) };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]));
}

function hexOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString("hex");
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$int" in value) return BigInt(value.$int as string);
  if ("$float" in value) return Buffer.from(value.$float as string, "hex").readDoubleBE();
  if ("$bytes" in value) return new Uint8Array(Buffer.from(value.$bytes as string, "base64"));
  return value;
}
