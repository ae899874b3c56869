/** Remote tables from end to end: written here, registered at the embedded server's web address, read back by query. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Progress } from "../../../src/columns/table.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { OmeroError } from "../../../src/errors.js";
import { readSecretToken } from "../../../src/formats/tiledb/index.js";
import { readBatches, readTileDBBatches } from "../../../src/read/index.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { createTileDB, registerTable, type UploadOptions, uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { addRows } from "../../formats/read-source.js";
import { json, ScriptedWeb } from "../remote/scripted-web.js";

const COLUMNS = { image: [1, 2, 3], "mean area": [1.5, NaN, 2], text: ["é🔬", "", "x"], ok: [true, false, true] };

let arrays: string;
let server: OmeroServer;
let connection: OmeroConnection;
let folder: string;
let folders = 0;

beforeAll(async () => {
  arrays = mkdtempSync(join(tmpdir(), "remote-table-"));
  server = await startLabServer({ web: { arrays } });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
  rmSync(arrays, { recursive: true });
});
beforeEach(() => {
  folder = join(arrays, String(folders++));
  mkdirSync(folder);
});

type Source = Parameters<typeof uploadTable>[0];

function upload(options: Partial<UploadOptions> = {}, source: Source = COLUMNS, name = "cells") {
  const web = { server: server.web!.url };
  return uploadTable(source, name, {
    connection,
    parentId: 1,
    localPath: folder,
    web,
    onWarning: () => {},
    ...options,
  });
}

async function failure(work: Promise<unknown>): Promise<OmeroError> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OmeroError);
  return error as OmeroError;
}

async function rowsOf(batches: AsyncIterable<Parameters<typeof addRows>[1]>): Promise<Record<string, unknown[]>> {
  const columns: unknown[][] = [];
  let names: string[] = [];
  for await (const batch of batches) {
    names = batch.fields.map(({ name }) => name);
    for (const index of names.keys()) columns[index] ??= [];
    addRows(columns, batch);
  }
  return Object.fromEntries(names.map((name, index) => [name, columns[index]!]));
}

describe("a remote table", () => {
  test("is written, registered and read back by query", async () => {
    const { annotationId, fileId, rowCount } = await upload({ links: ["Image", 1] });
    expect(rowCount).toBe(3);
    expect(await rowsOf(readBatches({ connection, fileId }))).toEqual({ ...COLUMNS, image: [1n, 2n, 3n] });
    const query = "(`mean area` > 1) & (text == 'x')";
    expect(await rowsOf(readBatches({ connection, annotationId, query }))).toEqual({
      image: [3n],
      "mean area": [2],
      text: ["x"],
      ok: [true],
    });
    const { files, annotations, links } = await server.contents();
    expect(files.find(({ id }) => Number(id) === fileId)).toMatchObject({ name: "cells", mimetype: "OMERO.tables" });
    expect(annotations.find(({ id }) => id === annotationId)).toMatchObject({ fileId });
    expect(links.filter(({ child }) => Number(child.id) === annotationId)).toMatchObject([
      { parent: { type: "Image", id: 1 } },
    ]);
    expect(readdirSync(folder)).toEqual(["cells.tiledb"]);
  });

  test("is made of a CSV file in fragments, with progress and types of choice", async () => {
    const csv = join(folder, "cells.csv");
    writeFileSync(csv, `n,label\n${Array.from({ length: 25 }, (_, row) => `${row},cell ${row}\n`).join("")}`);
    const localPath = join(folder, "own name");
    const progress: Progress[] = [];
    const options = {
      localPath,
      chunkSize: 10,
      columnTypes: { n: "Double" as const },
      onProgress: (p: Progress) => progress.push(p),
    };
    const { fileId, rowCount } = await upload(options, csv);
    expect(rowCount).toBe(25);
    expect(readdirSync(join(localPath, "__fragments")).length).toBe(3);
    expect(progress.at(-1)).toEqual({ done: 25, total: 25, unit: "rows" });
    const { n } = await rowsOf(readBatches({ connection, fileId, query: "n > 22" }));
    expect(n).toEqual([23, 24]);
  });

  test("has no rows, or comes from a stream", async () => {
    const empty = await upload({ localPath: join(folder, "empty.tiledb") }, { a: new BigInt64Array(0) });
    expect(empty.rowCount).toBe(0);
    expect(await rowsOf(readBatches({ connection, fileId: empty.fileId }))).toEqual({ a: [] });
    async function* rows() {
      for (let a = 0; a < 1000; a++) yield { a };
    }
    const { rowCount } = await upload({ localPath: join(folder, "stream.tiledb"), chunkSize: 100 }, rows());
    expect(rowCount).toBe(1000);
  });

  test("is registered under its path on the server, below a prefix", async () => {
    await using web = await ScriptedWeb.start();
    web.answers.POST = json({ data: { file_annotation: 987654 } });
    const error = await failure(
      upload({ remotePath: "D:\\tables", prefix: "omero", web: { server: web.address() }, links: [["image", 1]] }),
    );
    expect(web.requests.map(({ method, target }) => `${method} ${target.split("?")[0]}`)).toEqual([
      "GET /omero/api/v0/token",
      "GET /omero/api/v0/token",
      "POST /omero/omero_plus/api/v0/table",
    ]);
    expect(JSON.parse(web.requests[2]!.body)).toEqual({
      uri: "D:\\tables\\cells.tiledb",
      name: "cells",
      targets: ["Image:1"],
    });
    expect(web.requests[2]!.headers["x-secrettoken"]).toBe(await readSecretToken(join(folder, "cells.tiledb")));
    // The scripted server made no annotation.
    expect(error).toMatchObject({ code: "NOT_FOUND", annotationId: 987654 });
    expect(error.message).toContain("is registered as annotation 987654");
  });
});

describe("before anything is written", () => {
  afterEach(() => expect(readdirSync(folder).filter((name) => name !== "old.tiledb")).toEqual([]));

  const wrong: [string, Partial<UploadOptions>, string][] = [
    ["remotePath alone", { localPath: undefined, web: undefined, remotePath: "/data" }, "give localPath as well"],
    ["prefix alone", { localPath: undefined, web: undefined, prefix: "/omero" }, "prefix is for remote tables"],
    ["web alone", { localPath: undefined }, "web is for remote tables"],
    ["an empty localPath", { localPath: " " }, "localPath is empty"],
    ["an empty remotePath", { remotePath: "" }, "remote path is empty"],
    ["a prefix with a query", { prefix: "a?b" }, "prefix"],
    ["a route", { route: "file" }, "cannot have route"],
    ["metadata", { metadata: { a: 1 } }, "cannot have metadata"],
    ["replace", { replace: true }, "cannot have replace"],
    ["a description", { description: "x" }, "cannot have description"],
    ["a namespace", { namespace: "x" }, "cannot have namespace"],
    ["a chunk size of none", { chunkSize: 0 }, "chunkSize 0"],
    ["no web address", { web: { server: "ftp://host" } }, "no web address"],
    ["no time", { web: { timeout: -1 } }, "timeout"],
    ["nothing to attach to", { parentId: undefined }, "what to attach to"],
  ];
  test.each(wrong)("%s is refused", async (_, options, message) => {
    const error = await failure(upload(options));
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.message).toContain(message);
  });

  test("a name that no folder can have, and an array that is there", async () => {
    expect((await failure(upload({}, COLUMNS, "a/b"))).code).toBe("INVALID_ARGUMENT");
    const localPath = join(folder, "old.tiledb");
    await createTileDB({ a: [1] }, localPath);
    expect((await failure(upload({ localPath }))).code).toBe("FILE_EXISTS");
    expect(await rowsOf(readTileDBBatches(localPath))).toEqual({ a: [1n] });
  });

  test("what it is attached to must be there", async () => {
    await using web = await ScriptedWeb.start();
    expect((await failure(upload({ parentId: 404, web: { server: web.address() } }))).code).toBe("NOT_FOUND");
    expect(web.requests).toEqual([]);
  });

  test("the web server must answer", async () => {
    expect((await failure(upload({ web: { server: "http://127.0.0.1:9" } }))).code).toBe("CONNECTION_REFUSED");
    expect((await failure(upload({ prefix: "elsewhere" }))).message).toContain("check that OMERO.web is there");
  });

  test("values must fit their columns", async () => {
    const error = await failure(upload({}, { a: [1, "x"], b: [1, 2] } as never));
    expect(error).toMatchObject({ name: "DataError", column: "a" });
  });

  test("the caller may stop it, at the start or while it writes", async () => {
    expect((await failure(upload({ signal: AbortSignal.abort() }))).code).toBe("ABORTED");
    const stop = new AbortController();
    const onProgress = ({ done }: Progress) => done > 20 && stop.abort();
    const source = { a: Float64Array.from({ length: 100 }, (_, row) => row) };
    expect((await failure(upload({ signal: stop.signal, onProgress, chunkSize: 10 }, source))).code).toBe("ABORTED");
  });
});

describe("when registering fails", () => {
  test("the array stays, whole, and can be registered by what the error says", async () => {
    await using web = await ScriptedWeb.start();
    let token = "";
    web.answers.POST = (response, { headers }) => {
      token = String(headers["x-secrettoken"]);
      response.writeHead(400, { "Content-Type": "application/json" }).end(JSON.stringify({ message: `bad ${token}` }));
    };
    const localPath = join(folder, "cells.tiledb");
    const error = await failure(upload({ web: { server: web.address() }, remotePath: "/elsewhere/" }));
    expect(error).toMatchObject({ name: "TableError", code: "UPLOAD_FAILED", path: localPath });
    expect(error.message).toContain('Table "cells" was written, but registering it failed');
    expect(error.message).toContain("bad [secret]");
    expect(error.message).toContain(
      `registerTable(connection, "/elsewhere/cells.tiledb", { localPath: "${localPath}", … })`,
    );
    expect(token).toBe(await readSecretToken(localPath));
    const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${error.stack}`;
    for (const secret of [token, connection.session.uuid]) expect(shown).not.toContain(secret);
    expect(await rowsOf(readTileDBBatches(localPath))).toEqual({ ...COLUMNS, image: [1n, 2n, 3n] });

    const again = { localPath, tableName: "cells", parentId: 1, server: server.web!.url };
    const annotationId = await registerTable(connection, localPath, again);
    const { text } = await rowsOf(readBatches({ connection, annotationId, query: "ok" }));
    expect(text).toEqual(["é🔬", "x"]);
  });

  test("for the caller stops it, that is said as such", async () => {
    await using web = await ScriptedWeb.start();
    const stop = new AbortController();
    web.answers.POST = () => stop.abort("enough");
    const error = await failure(upload({ web: { server: web.address() }, signal: stop.signal }));
    expect(error).toMatchObject({ name: "AbortError", code: "ABORTED", cause: "enough" });
    expect(error.message).toContain("it is not known whether the table is registered");
    expect(existsSync(join(folder, "cells.tiledb", "__schema"))).toBe(true);
  });
});

describe("registerTable at the embedded server", () => {
  async function register(options: object = {}, path?: string): Promise<OmeroError> {
    const localPath = join(folder, "a.tiledb");
    if (!existsSync(localPath)) await createTileDB({ a: [1] }, localPath);
    const token = await readSecretToken(localPath);
    const all = { tableName: "a", parentId: 1, token, server: server.web!.url, ...options };
    return failure(registerTable(connection, path ?? localPath, all));
  }

  test("a wrong token", async () => {
    const error = await register({ token: "wrong" });
    expect(error).toMatchObject({ name: "TableError", code: "UPLOAD_FAILED" });
    expect(error.message).toContain("the token is not that of the array");
  });

  test("a path that the server cannot read", async () => {
    expect((await register({}, "/nowhere/a.tiledb")).message).toContain(
      "check that the server can read the array at /nowhere",
    );
  });

  test("an object that is not there", async () => {
    expect((await register({ parentId: 404 })).code).toBe("UPLOAD_FAILED");
  });

  test("a session that has ended", async () => {
    const other = await connectPlain(server);
    const { uuid } = other.session;
    const { sessions } = await server.contents();
    await other.close();
    await expect.poll(async () => (await server.contents()).sessions.length).toBe(sessions.length - 1);
    const ended = { server: { host: "127.0.0.1" }, session: { uuid } } as unknown as OmeroConnection;
    const options = { tableName: "a", parentId: 1, token: "t", server: server.web!.url };
    const error = await failure(registerTable(ended, "/a.tiledb", options));
    expect(error).toMatchObject({ name: "LoginError", code: "LOGIN_REFUSED" });
    expect(error.message).not.toContain(uuid);
  });

  test("another prefix", async () => {
    expect((await register({ prefix: "omero" })).message).toContain("check that OMERO.web is there");
  });
});
