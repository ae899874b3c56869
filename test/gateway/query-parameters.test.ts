import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type CallOptions,
  type IQuery,
  inGroup,
  type OmeroConnection,
  type omero,
  type Parameters,
  queryParameters,
  rlong,
  rstring,
} from "../../src/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";

let server: OmeroServer;
let connection: OmeroConnection;

beforeAll(async () => {
  server = await startLabServer();
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

test("a query takes named values, and the groups to look in", async () => {
  const query: IQuery = connection.getQueryService();
  const named: Parameters = queryParameters({ least: rlong(2) });
  const ids = async (options: CallOptions) => {
    const images = (await query.findAllByQuery("from Image i where i.id >= :least", named, options)) as omero.Image[];
    return images.map(({ id }) => id?.val);
  };
  expect(await ids({})).toEqual([]);
  expect(await ids({ context: inGroup(-1) })).toEqual([99n]);
});

test("values keep their names and types", () => {
  const { map } = queryParameters({ name: rstring("zellen"), id: rlong(7) });
  expect([...map!]).toEqual([
    ["name", rstring("zellen")],
    ["id", rlong(7)],
  ]);
});

test.each([
  [0, "0"],
  [7n, "7"],
  [-1, "-1"],
  [-1n, "-1"],
] as const)("group %s is written %s", (group, written) => {
  expect(inGroup(group)).toEqual({ "omero.group": written });
});

test.each([-2, 0.5, Number.NaN, 2 ** 60])("%s is no group", (group) => {
  expect(() => inGroup(group)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});
