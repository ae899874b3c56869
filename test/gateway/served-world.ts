/** An embedded server with a world of objects, and the calls that reach it. */
import "../../src/gateway/index.js";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { type ObjectOptions, type OmeroServer, type ServedCall, startServer } from "../../src/server/index.js";

/** What a log-in is made of besides objects. */
const LOG_IN = /^(getEventContext|getSession|createSession|keepAlive|ping|ice_|create\w*|get\w+Service)$/;

export class ServedWorld implements AsyncDisposable {
  readonly server: OmeroServer;
  readonly connection: OmeroConnection;
  readonly #calls: ServedCall[];

  private constructor(server: OmeroServer, connection: OmeroConnection, calls: ServedCall[]) {
    this.server = server;
    this.connection = connection;
    this.#calls = calls;
  }

  static async start(objects: readonly ObjectOptions[] = []): Promise<ServedWorld> {
    const calls: ServedCall[] = [];
    const server = await startServer({
      users: [
        { name: "ann", password: "ann-pass", fullName: "Ann Able", groups: [{ name: "lab", leader: true }, "other"] },
        { name: "ben", password: "ben-pass", fullName: "Ben Best", groups: ["lab"] },
        { name: "root", password: "root-pass" },
      ],
      groups: [
        { name: "lab", permissions: "rwra--" },
        { name: "other", permissions: "rw----" },
      ],
      objects,
      beforeCall: (call) => {
        calls.push(call);
      },
    });
    return new ServedWorld(server, await ServedWorld.#logIn(server, "ann"), calls);
  }

  static #logIn({ host, tlsPort }: OmeroServer, user: string): Promise<OmeroConnection> {
    return connectToOmero({ server: host, port: tlsPort, username: user, password: `${user}-pass` });
  }

  logIn(user: string): Promise<OmeroConnection> {
    return ServedWorld.#logIn(this.server, user);
  }

  /** What `work` gives, and the calls it made, each as "query.projection" without the log-in's own. */
  async counting<T>(work: () => Promise<T>): Promise<{ result: T; calls: string[] }> {
    const before = this.#calls.length;
    const result = await work();
    const calls = this.#calls.slice(before).filter(({ operation }) => !LOG_IN.test(operation));
    return { result, calls: calls.map(({ service, operation }) => `${service.split("::").at(-1)}.${operation}`) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
    await this.server.close();
  }
}

/** A link from one object to another. */
export function link(parent: [type: string, id: number], child: [type: string, id: number]): ObjectOptions {
  const [from, to] = [parent, child].map(([type, id]) => ({ type, id }));
  return { type: `${parent[0]}${child[0]}Link`, references: { parent: from!, child: to! } };
}

export async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
