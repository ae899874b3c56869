/** A redis-server of the test's own, which can be killed and started again: what it acknowledged is on the disk. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

export class RedisServer implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "redis-"));
  readonly port: number;
  #words: readonly string[];
  #child!: ChildProcess;

  private constructor(port: number) {
    this.port = port;
    this.#words = ["--port", String(port)];
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  /** One that speaks TLS alone, with a certificate of its own, and wants a password. */
  static async startSecure(password: string): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    const extensions = [{ name: "subjectAltName" as const, altNames: [{ type: 7 as const, ip: "127.0.0.1" }] }];
    const made = await generate([{ name: "commonName", value: "localhost" }], { extensions });
    const keyPath = join(server.folder, "key.pem");
    writeFileSync(server.certificatePath, made.cert);
    writeFileSync(keyPath, made.private, { mode: 0o600 });
    const secure = ["--tls-cert-file", server.certificatePath, "--tls-key-file", keyPath, "--tls-auth-clients", "no"];
    const authority = ["--tls-ca-cert-file", server.certificatePath];
    server.#words = [
      "--port",
      "0",
      "--tls-port",
      String(server.port),
      ...secure,
      ...authority,
      "--requirepass",
      password,
    ];
    await server.start();
    return server;
  }

  /** A node of a cluster. */
  static async startNode(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    const cluster = ["--cluster-enabled", "yes", "--cluster-port", String(await freePort())];
    server.#words = [...server.#words, ...cluster];
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get certificatePath(): string {
    return join(this.folder, "certificate.pem");
  }

  async start(): Promise<void> {
    const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", this.folder];
    this.#child = spawn("redis-server", [...this.#words, "--bind", "127.0.0.1", ...durable]);
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
