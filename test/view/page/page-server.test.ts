import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTableSource, type TableSource } from "../../../src/read/index.js";
import { type ServedPage, servePage } from "../../../src/view/page/page-server.js";

let folder: string;
let source: TableSource;
let page: ServedPage;
let cookie: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "page-"));
  const path = join(folder, "cells.csv");
  writeFileSync(
    path,
    "image,area,label,ok\n9007199254740995,2.5,b10,true\n-9007199254740993,,b9,false\n9007199254740994,-1,,true\n3,7,a,false\n",
  );
  source = await openTableSource({ path });
  page = await servePage({
    table: source.table,
    title: "cells",
    thumbnail: async (id) => (id === 3n ? new Uint8Array([255, 216]) : undefined),
  });
  const entered = await get(page.url.slice(page.url.indexOf("/?")));
  cookie = String(entered.headers["set-cookie"]).split(";")[0]!;
});
afterAll(async () => {
  await page?.[Symbol.asyncDispose]();
  await source?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Got {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

function get(path: string, headers: Record<string, string> = {}): Promise<Got> {
  const { port, hostname } = new URL(page.url);
  return new Promise((resolve, reject) => {
    const asking = request({ host: hostname, port, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    asking.on("error", reject).end();
  });
}

const ask = async (path: string, parameters: Record<string, string> = {}) => {
  const { status, text } = await get(`${path}?${new URLSearchParams(parameters)}`, { cookie });
  return { status, answer: JSON.parse(text) };
};

const rowsOf = async (parameters: Record<string, string>) =>
  (await ask("/api/rows", { start: "0", stop: "10", columns: "0", ...parameters })).answer.numbers;

describe("the page's server", () => {
  it("lets in whoever has the address, and nobody else", async () => {
    expect((await get("/")).status).toBe(403);
    expect((await get("/?token=0")).status).toBe(403);
    expect((await get("/api/table", { cookie: `omero2frame=${"0".repeat(48)}` })).status).toBe(403);
    expect((await get("/", { cookie, host: "evil.example:80" })).status).toBe(421);
    const entered = await get(page.url.slice(page.url.indexOf("/?")));
    expect([entered.status, entered.headers.location]).toEqual([303, "/"]);
    expect(String(entered.headers["set-cookie"])).toMatch(/HttpOnly; SameSite=Strict/);
    expect(new URL(page.url).hostname).toBe("127.0.0.1");
  });

  it("tells of the table, and gives rows as they are asked for, int64 in full", async () => {
    expect((await ask("/api/table")).answer).toMatchObject({ title: "cells", rowCount: 4, hasThumbnails: true });
    const { answer } = await ask("/api/rows", { start: "1", stop: "3", columns: "0,1,3" });
    expect(answer).toEqual({
      numbers: [1, 2],
      columns: [
        ["-9007199254740993", "9007199254740994"],
        ["", "-1"],
        ["false", "true"],
      ],
    });
    expect((await ask("/api/rows", { start: "0", stop: "501", columns: "0" })).status).toBe(400);
    expect(await rowsOf({ start: "4", stop: "9" })).toEqual([]);
  });

  it("sorts by columns of every kind, missing values last, and filters", async () => {
    expect(await rowsOf({ sort: "image" })).toEqual([1, 3, 2, 0]);
    expect(await rowsOf({ sort: "image", descending: "true" })).toEqual([0, 2, 3, 1]);
    expect(await rowsOf({ sort: "area" })).toEqual([2, 0, 3, 1]);
    expect(await rowsOf({ sort: "area", descending: "true" })).toEqual([3, 0, 2, 1]);
    expect(await rowsOf({ sort: "label" })).toEqual([3, 1, 0, 2]);
    expect(await rowsOf({ sort: "ok" })).toEqual([1, 3, 0, 2]);
    expect(await rowsOf({ query: "area > 0" })).toEqual([0, 3]);
    expect(await rowsOf({ query: "area > 0", sort: "area", descending: "true" })).toEqual([3, 0]);
    expect((await ask("/api/count", { query: "area > 0" })).answer).toEqual({ rowCount: 2 });
    expect(await ask("/api/count", { query: "aera > 0" })).toMatchObject({
      status: 400,
      answer: { error: expect.stringContaining("area") },
    });
  });

  it("describes and plots columns, and shows pictures of images", async () => {
    expect((await ask("/api/describe", { column: "area", query: "area > 0" })).answer).toMatchObject({
      count: 2,
      minimum: 2.5,
      maximum: 7,
    });
    const { status, headers, text } = await get("/api/plot?kind=histogram&x=area", { cookie });
    expect([status, headers["content-type"], text.slice(0, 4)]).toEqual([200, "image/svg+xml; charset=utf-8", "<svg"]);
    expect((await ask("/api/plot", { kind: "pie" })).status).toBe(400);
    expect((await get("/api/thumbnail/3", { cookie })).headers["content-type"]).toContain("image/jpeg");
    for (const path of ["/api/thumbnail/4", "/api/thumbnail/../x", "/nothing"])
      expect((await get(path, { cookie })).status).not.toBe(200);
  });
});
