import { afterAll, beforeAll, expect, test } from "vitest";
import { type OmeroServer, startServer } from "../../../src/server/index.js";
import { TestClient } from "../client.js";

interface List {
  readonly iceId: "::omero::cmd::DoAll";
  readonly requests: object[];
}

const list = (...requests: object[]): List => ({ iceId: "::omero::cmd::DoAll", requests });
const nothing = () => ({ iceId: "::omero::cmd::Delete2", targetObjects: new Map() });

let server: OmeroServer;
let client: TestClient;
beforeAll(async () => {
  server = await startServer({ tables: "memory" });
  client = await TestClient.logIn(server);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server.close();
});

test("requests are run one after another, in lists too", async () => {
  const response = await client.submit(list(nothing(), list(nothing(), nothing())));
  expect(response).toMatchObject({
    iceId: "::omero::cmd::DoAllRsp",
    responses: [{ iceId: "::omero::cmd::Delete2Response" }, { responses: [{}, {}] }],
  });
});

test("the first that fails is the answer", async () => {
  const response = await client.submit(list(nothing(), { iceId: "::omero::cmd::ListRequests" }, nothing()));
  expect(response.iceId).toBe("::omero::cmd::Unknown");
});

test("more than a thousand are refused, also where a list contains itself", async () => {
  const many = list(...Array.from({ length: 999 }, nothing));
  expect(await client.submit(many)).toMatchObject({ iceId: "::omero::cmd::DoAllRsp" });
  many.requests.push(nothing());
  const ring = list();
  ring.requests.push(nothing(), ring);
  for (const request of [many, ring]) {
    const response = (await client.submit(request)) as unknown as { iceId: string; parameters: Map<string, string> };
    expect(response.iceId).toBe("::omero::cmd::ERR");
    expect(response.parameters.get("message")).toContain("More than 1000 requests");
  }
});
