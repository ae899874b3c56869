/** A server that registers arrays of a folder of its own, users in several groups, and arrays to register. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { type LogEntry, type OmeroServer, type ServerOptions, startServer } from "../../../src/server/index.js";
import { createTileDB } from "../../../src/write/index.js";
import { connectPlain } from "../../connect/embedded.js";
import { WebClient } from "./web-client.js";

const USERS = [
  { name: "ana", password: "pass-ana", groups: ["annotate", "private", "read"] },
  { name: "ben", password: "pass-ben", groups: ["annotate", "private", "read"] },
  { name: "cyd", password: "pass-cyd", groups: ["elsewhere"] },
];

/** Images 1 and 2 in the group "annotate", 3 in "private", 4 in "read", all of them Ana's; 5 is Cyd's, elsewhere. */
const LAB: ServerOptions = {
  groups: [
    { name: "annotate", permissions: "rwra--" },
    { name: "private", permissions: "rw----" },
    { name: "read", permissions: "rwr---" },
    { name: "elsewhere", permissions: "rwrw--" },
  ],
  users: USERS,
  objects: [
    { type: "Image", id: 1 },
    { type: "Image", id: 2 },
    { type: "Image", id: 3, group: "private" },
    { type: "Image", id: 4, group: "read" },
    { type: "Image", id: 5, group: "elsewhere", owner: "cyd" },
    { type: "Dataset", id: 1 },
    { type: "TagAnnotation", id: 70 },
  ],
};

export interface Registered {
  readonly file_annotation: number;
  readonly file: number;
}

export class ArrayLab implements AsyncDisposable {
  readonly folder: string;
  readonly log: LogEntry[] = [];
  server!: OmeroServer;
  #arrays = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(options: ServerOptions = {}): Promise<ArrayLab> {
    const lab = new ArrayLab(await mkdtemp(join(tmpdir(), "arrays-")));
    await lab.startServer(options);
    return lab;
  }

  async startServer(options: ServerOptions = {}): Promise<void> {
    const log = (entry: LogEntry) => this.log.push(entry);
    this.server = await startServer({ ...LAB, web: { arrays: this.folder }, log, ...options });
  }

  get web(): WebClient {
    return new WebClient(this.server.web!);
  }

  connect(user = "ana"): Promise<OmeroConnection> {
    return connectPlain(this.server, { username: user, password: `pass-${user}` });
  }

  /** A new array of these rows, and its secret token. */
  async array(rows: readonly Record<string, unknown>[] = [{ n: 1 }]): Promise<{ uri: string; token: string }> {
    const uri = join(this.folder, `${this.#arrays++}.tiledb`);
    return { uri, token: await createTileDB(rows, uri) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true });
  }
}
