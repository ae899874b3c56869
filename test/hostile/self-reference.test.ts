/** Values that contain themselves, or one another many times over: a few bytes that stand for more than any memory. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { field } from "../../src/columns/batch.js";
import { emptyColumns } from "../../src/connect/ice/codec/columns/columns.js";
import type { Parameters } from "../../src/connect/ice/schema/omero.js";
import type { OmeroServer } from "../../src/server/index.js";
import { TestClient } from "../server/client.js";
import { ServerProcess } from "../support/server-process.js";
import { ROWS, workHonestly } from "./honest-work.js";

/** Milliseconds in which a call must be answered, whatever it holds. */
const SOON = 10_000;
const DOUBLINGS = 60;
const LONG_CHAIN = 20_000;

interface Item {
  readonly iceId: string;
  // biome-ignore lint/suspicious/noExplicitAny: members of any class
  [member: string]: any;
}

let server: ServerProcess;
let client: TestClient;
beforeAll(async () => {
  server = await ServerProcess.start({ idleTimeout: 60_000 });
  client = await TestClient.logIn({ host: "127.0.0.1", port: server.port } as OmeroServer, {
    user: "ana",
    password: "pass-ana",
  });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** An item that holds itself; one of few bytes that stands for 2 to the power of {@link DOUBLINGS}; a long chain. */
function shapes(make: (members: readonly Item[]) => Item, put: (item: Item, members: readonly Item[]) => void) {
  const ring = make([]);
  put(ring, [ring, ring]);
  let doubled = make([]);
  for (let count = 0; count < DOUBLINGS; count++) doubled = make([doubled, doubled]);
  let chain = make([]);
  for (let count = 0; count < LONG_CHAIN; count++) chain = make([chain]);
  return { "contains itself": ring, "doubles again and again": doubled, "is a long chain": chain };
}

const lists = (iceId: string, member: string) =>
  shapes(
    (members) => ({ iceId, [member]: members }),
    (item, members) => {
      item[member] = members;
    },
  );

/** The code of the error that a call ends with, soon. */
async function outcome(call: (options: { timeout: number }) => Promise<unknown>): Promise<string> {
  try {
    await call({ timeout: SOON });
    return "answered";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

async function unharmed(): Promise<void> {
  expect(await workHonestly(server.port, { timeout: 10_000, connectTimeout: 10_000 })).toBe(ROWS);
  expect(server.errors).toBe("");
}

describe.each(["RList", "RSet", "RArray"])("a parameter of type %s", (type) => {
  test.each(Object.entries(lists(`::omero::${type}`, "val")))("that %s", async (_how, value) => {
    const query = await client.query();
    const parameters = { iceId: "::omero::sys::Parameters", map: new Map([["p", value]]) } as unknown as Parameters;
    const hql = "select i.id from Image i where i.id in (:p)";
    expect(await outcome((options) => query.projection(hql, parameters, options))).toBe("API_USAGE");
    await unharmed();
  });
});

test.each(
  Object.entries(
    shapes(
      (members) => ({ iceId: "::omero::RMap", val: mapOf(members) }),
      (item, members) => {
        item.val = mapOf(members);
      },
    ),
  ),
)("a parameter of type RMap that %s", async (_how, value) => {
  const query = await client.query();
  const parameters = { iceId: "::omero::sys::Parameters", map: new Map([["p", value]]) } as unknown as Parameters;
  expect(await outcome((options) => query.projection("select :p from Image i", parameters, options))).toMatch(
    /^(API_USAGE|VALIDATION)$/,
  );
  await unharmed();
});

function mapOf(members: readonly Item[]): Map<string, Item> {
  return new Map(members.map((member, index) => [String(index), member]));
}

test.each(Object.entries(lists("::omero::cmd::DoAll", "requests")))(
  "a list of requests that %s",
  async (_how, request) => {
    const response = client.submit(request);
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("not answered")), SOON));
    expect((await Promise.race([response, late])).iceId).toBe("::omero::cmd::ERR");
    await unharmed();
  },
);

test.each(Object.entries(lists("::omero::RList", "val")))(
  "metadata and variables of a table that %s",
  async (_how, value) => {
    const table = await client.newTable("table");
    await table.initialize(emptyColumns([field("n", "Long")]) as never);
    const refused = /^(API_USAGE|VALIDATION)$/;
    expect(await outcome((options) => table.setMetadata("key", value as never, options))).toMatch(refused);
    const all = new Map([["key", value]]) as never;
    expect(await outcome((options) => table.setAllMetadata(all, options))).toMatch(refused);
    expect(await outcome((options) => table.getWhereList("n > key", all, 0n, 0n, 1n, options))).toMatch(refused);
    await table.close();
    await unharmed();
  },
);

/** Annotations that annotate each other. */
const annotations = shapes(
  (members) => ({ iceId: "::omero::model::TagAnnotation", ...linksTo(members) }),
  (item, members) => Object.assign(item, linksTo(members)),
);

function linksTo(members: readonly Item[]): Record<string, unknown> {
  const links = members.map((child) => ({ iceId: "::omero::model::AnnotationAnnotationLink", loaded: true, child }));
  return { loaded: true, annotationLinksLoaded: true, annotationLinksSeq: links };
}

test.each(Object.entries(annotations))("an object to save that %s", async (_how, object) => {
  const update = await client.update();
  const before = await server.contents();
  const code = await outcome((options) => update.saveAndReturnObject(object as never, options));
  expect(code).toMatch(/^(answered|API_USAGE|VALIDATION)$/);
  // All of it, or nothing.
  if (code !== "answered") expect((await server.contents()).annotations).toEqual(before.annotations);
  await unharmed();
});

test.each([
  ["terms", `select i.id from Image i where i.id < 0${"+1".repeat(90_000)}`],
  ["alternatives", `select i.id from Image i where i.id = 0${" or 1=1".repeat(28_000)}`],
  ["conditions", `select i.id from Image i where i.id = 0${" and 1=1".repeat(24_000)}`],
])("a query of ten thousands of %s", async (_what, hql) => {
  const query = await client.query();
  expect(await outcome((options) => query.projection(hql, null, options))).toMatch(/^(answered|API_USAGE)$/);
  await unharmed();
});
