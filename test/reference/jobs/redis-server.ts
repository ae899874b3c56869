/** A redis-server of the test's own, which can be killed and started again: what it acknowledged is on the disk. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class RedisServer implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "redis-"));
  readonly port: number;
  #child!: ChildProcess;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", this.folder];
    this.#child = spawn("redis-server", ["--port", String(this.port), "--bind", "127.0.0.1", ...durable]);
    let said = "";
    await new Promise<void>((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", () => reject(new Error(`redis-server ended: ${said}`)));
      this.#child.stdout!.on("data", (text) => {
        said += text;
        if (said.includes("Ready to accept connections")) resolve();
      });
    });
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
