/** A server with one user's tables, for tests of the Table interface. */
import { field } from "../../src/columns/batch.js";
import { emptyColumns, fromColumnBatch, toColumnBatch } from "../../src/connect/ice/codec/columns/columns.js";
import type { Column, Data, Table } from "../../src/connect/ice/schema/omero.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { TestClient } from "./client.js";
import { batchOf, type EVERY_FIELD } from "./tables/batches.js";

const USERS = [
  { name: "user", password: "pass", groups: ["lab"] },
  { name: "reader", password: "r", groups: ["lab"] },
];

export const FIELDS = [field("n", "Long"), field("s", "String", 7), field("a b", "Double"), field("image", "Image")];
export const ROWS = Array.from({ length: 12 }, (_, row) => row);
export const NONE = new BigInt64Array(0);

export const longs = (...values: number[]) => BigInt64Array.from(values, BigInt);

export const headers = (fields: typeof EVERY_FIELD) => emptyColumns(fields) as readonly Column[];

export const columnsOf = (fields: typeof EVERY_FIELD, seeds: readonly number[]) =>
  fromColumnBatch(batchOf(fields, seeds)) as readonly Column[];

export const received = (data: Data | null) => toColumnBatch(data!.columns as never, data!.rowNumbers);

export class TableFixture {
  readonly server: OmeroServer;
  readonly client: TestClient;

  private constructor(server: OmeroServer, client: TestClient) {
    this.server = server;
    this.client = client;
  }

  static async start(tables: "memory" | "hdf5"): Promise<TableFixture> {
    const server = await startServer({ users: USERS, groups: [{ name: "lab", id: 5 }], tables, optimisticLocks: true });
    return new TableFixture(server, await TestClient.logIn(server));
  }

  async close(): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    await this.server.close();
  }

  async tableOf(fields: typeof EVERY_FIELD, seeds: readonly number[]): Promise<Table> {
    const table = await this.client.newTable("t.h5");
    await table.initialize(headers(fields));
    if (seeds.length > 0) await table.addData(columnsOf(fields, seeds));
    return table;
  }
}
