import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { OmeroError } from "../../../src/errors.js";
import { createTileDB, type RegisterOptions, registerTable } from "../../../src/write/index.js";
import { fixtureArray } from "../../formats/tiledb/fixture-arrays.js";
import { connectionOf, json, ScriptedWeb } from "./scripted-web.js";

const TOKEN = "marked-token-5e1f";
const SESSION = "11111111-2222-3333-4444-555555555555";
const folder = mkdtempSync(join(tmpdir(), "register-"));
let web: ScriptedWeb;

beforeEach(async () => {
  web = await ScriptedWeb.start();
});
afterEach(() => web[Symbol.asyncDispose]());
afterAll(() => rmSync(folder, { recursive: true }));

function register(options: Partial<RegisterOptions> = {}, remotePath = "/data/cells.tiledb"): Promise<number> {
  const token = "localPath" in options ? {} : { token: TOKEN };
  const all = { tableName: "cells", links: [["Image", 101]] as const, server: web.address(), ...token, ...options };
  return registerTable(connectionOf("omero.example.org", SESSION), remotePath, all);
}

describe("a registration", () => {
  test("is a token and one POST", async () => {
    expect(await register()).toBe(4711);
    expect(web.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
      "GET /api/v0/token",
      `POST /omero_plus/api/v0/table?bsession=${SESSION}`,
    ]);
    expect(web.requests[1]!.headers).toMatchObject({
      host: `127.0.0.1:${web.port}`,
      "content-type": "application/json",
      "x-secrettoken": TOKEN,
      "x-csrftoken": "csrf-token",
      referer: web.address(),
      cookie: "csrftoken=csrf-cookie",
    });
    expect(JSON.parse(web.requests[1]!.body)).toEqual({
      uri: "/data/cells.tiledb",
      name: "cells",
      targets: ["Image:101"],
    });
    // The secret token goes to nothing but the POST.
    expect(JSON.stringify(web.requests[0])).not.toContain(TOKEN);
    expect(JSON.stringify(web.requests[0])).not.toContain(SESSION);
  });

  test.each(["omero", "/omero", "omero/", "//omero//"])("is below the prefix %s", async (prefix) => {
    await register({ prefix });
    expect(web.requests.map(({ target }) => target.split("?")[0])).toEqual([
      "/omero/api/v0/token",
      "/omero/omero_plus/api/v0/table",
    ]);
  });

  test.each([
    "C:\\tables\\cells 1.tiledb",
    "\\\\server\\share\\x",
    "/data/é/ü.tiledb",
    "s3://bucket//x.tiledb/",
    "a/../b",
  ])("passes the remote path %s on untouched", async (remotePath) => {
    await register({}, remotePath);
    expect(JSON.parse(web.requests[1]!.body).uri).toBe(remotePath);
  });

  test("is attached to all that is named, each once, in the types' own spelling", async () => {
    await register({
      parentId: 7,
      parentType: "dataset",
      links: [
        ["image", 101n],
        ["Image", 101],
        ["WELL", 3],
      ],
    });
    expect(JSON.parse(web.requests[1]!.body).targets).toEqual(["Dataset:7", "Image:101", "Well:3"]);
  });

  test("takes the secret token from the array itself", async () => {
    const localPath = join(folder, "own.tiledb");
    const token = await createTileDB({ area: [1, 2] }, localPath);
    await register({ localPath });
    expect(web.requests[1]!.headers["x-secrettoken"]).toBe(token);
  });

  test("is for the session that the connection has by then", async () => {
    const connection = { server: { host: "host" }, session: { uuid: SESSION } };
    web.answers.GET = (response) => {
      connection.session = { uuid: "another-session" };
      response.end('{"data":"csrf-token"}');
    };
    const options = { tableName: "cells", parentId: 1, token: TOKEN, server: web.address() };
    await registerTable(connection as unknown as OmeroConnection, "/a", options);
    expect(web.requests[1]!.target).toContain("bsession=another-session");
  });

  test("sends no cookies where none are set", async () => {
    web.answers.GET = json({ data: "csrf-token" });
    await register();
    expect(web.requests[1]!.headers.cookie).toBeUndefined();
  });

  test("takes annotation ids up to 2^53", async () => {
    web.answers.POST = json({ data: { file_annotation: Number.MAX_SAFE_INTEGER } }, 201);
    expect(await register()).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("what cannot work is refused before anything is sent", () => {
  const wrong: [string, Partial<RegisterOptions>, RegExp, string?][] = [
    ["no remote path", {}, /remote path is empty/, " "],
    ["no name", { tableName: " " }, /needs a name/],
    ["nothing to attach to", { links: [] }, /what to attach to/],
    ["an unknown type", { links: [["Imag", 1]] }, /Nothing is attached to "Imag"/],
    ["an id that is none", { links: [["Image", 1.5]] }, /id/],
    ["no token", { token: "" }, /token is empty/],
    ["a token of several lines", { token: `${TOKEN}\r\nX-Other: 1` }, /cannot be sent/],
    ["a token and an array", { token: TOKEN, localPath: "x" }, /either the token/],
    ["neither", { token: undefined }, /either the token/],
    ["a server with a password", { server: `https://ann:${TOKEN}@host` }, /no user or password/],
    ["a server with a path", { server: "https://host/omero" }, /path as "prefix"/],
    ["another protocol", { server: "wss://host" }, /no web address/],
    ["no server", { server: "" }, /no web address/],
    ["a prefix with a query", { prefix: "omero?x=1" }, /prefix/],
    ["a prefix that goes up", { prefix: "a/../.." }, /prefix/],
    ["an authority that is none", { ca: "authority.pem" }, /no certificate in PEM form/],
    ["an authority of no bytes", { ca: Buffer.alloc(0) }, /no certificate in PEM form/],
    [
      "an authority that is damaged",
      { ca: "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n" },
      /no certificate in PEM form/,
    ],
    ["no time", { timeout: 0 }, /timeout/],
    ["time that is no number", { timeout: Number.NaN }, /timeout/],
  ];
  test.each(wrong)("%s", async (_, options, message, remotePath) => {
    const error = await register(options, remotePath).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OmeroError);
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringMatching(message) });
    expect(inspect(error)).not.toContain(TOKEN);
    expect(web.requests).toEqual([]);
  });

  test("an array that is not there, or has no token", async () => {
    await expect(register({ localPath: join(folder, "none") })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const plain = fixtureArray("simple");
    await expect(register({ localPath: plain })).rejects.toMatchObject({
      code: "NOT_A_TABLE",
      message: expect.stringMatching(/no secret token/),
      path: plain,
    });
    expect(web.requests).toEqual([]);
  });

  test("when it is aborted", async () => {
    await expect(register({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
    expect(web.requests).toEqual([]);
  });
});
