import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { type DownloadFileOptions, downloadFile, listFiles } from "../../../src/gateway/files/attached-file.js";
import { type UploadFileOptions, uploadFile } from "../../../src/gateway/files/upload-file.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

let server: OmeroServer;
let connection: OmeroConnection;
let directory: string;
let before: Record<string, () => void | Promise<void>> = {};
let calls: string[] = [];

beforeAll(async () => {
  const beforeCall = async ({ operation }: ServedCall) => {
    calls.push(operation);
    await before[operation]?.();
  };
  server = await startLabServer({
    beforeCall,
    objects: [
      { type: "Image", id: 1 },
      { type: "Image", id: 2 },
      { type: "Dataset", id: 1 },
    ],
  });
  connection = await connectPlain(server);
  directory = await mkdtemp(join(tmpdir(), "attached-"));
});
afterAll(async () => {
  await connection.close();
  await server.close();
  await rm(directory, { recursive: true });
});
afterEach(() => {
  before = {};
  calls = [];
});

const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 251));
const SHA1 = createHash("sha1").update(BYTES).digest("hex");

async function local(name: string, bytes: Uint8Array = BYTES): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

async function upload(name: string, options: Partial<UploadFileOptions> = {}, bytes = BYTES) {
  return uploadFile(await local(name, bytes), { connection, parentId: 1, ...options });
}

function refusal(message: string): IceUserException {
  return new IceUserException("::omero::ValidationException", {
    message,
    serverExceptionClass: "",
    serverStackTrace: "",
  });
}

async function lasting() {
  const { files, annotations, links, contentFiles } = await server.contents();
  return { files, annotations, links, contentFiles };
}

describe("uploadFile", () => {
  test("a file is stored in chunks, attached and described", async () => {
    const options = {
      namespace: "lab.example",
      description: "raw",
      links: [["Dataset", 1]] as const,
      chunkSize: 30_000,
    };
    const { annotationId, fileId, size, sha1 } = await upload("notes.TXT", options);
    expect([size, sha1]).toEqual([BYTES.length, SHA1]);
    expect(calls.filter((name) => name === "write")).toHaveLength(4);
    const { files, annotations, links } = await server.contents();
    expect(files.find(({ id }) => Number(id) === fileId)).toMatchObject({
      name: "notes.TXT",
      mimetype: "text/plain",
      hash: SHA1,
    });
    expect(annotations.find(({ id }) => Number(id) === annotationId)).toMatchObject({
      namespace: "lab.example",
      fileId,
    });
    expect(links.filter(({ child }) => Number(child.id) === annotationId)).toHaveLength(2);
  });

  test("an empty file, a file by URL, another name and type", async () => {
    const empty = await upload("empty", { name: "nothing.bin", mimetype: "x/y" }, Buffer.alloc(0));
    expect(empty.size).toBe(0);
    const { files } = await server.contents();
    expect(files.find(({ id }) => Number(id) === empty.fileId)).toMatchObject({ name: "nothing.bin", mimetype: "x/y" });
    const url = pathToFileURL(await local("by url.png"));
    expect((await uploadFile(url, { connection, parentId: 1 })).sha1).toBe(SHA1);
  });

  test("progress", async () => {
    const seen: string[] = [];
    await upload("a", {
      chunkSize: 60_000,
      onProgress: ({ done, total, unit }) => seen.push(`${done}/${total} ${unit}`),
    });
    expect(seen).toEqual(["0/100000 bytes", "60000/100000 bytes", "100000/100000 bytes"]);
  });

  test.each(["saveAndReturnObject", "setFileId", "write", "save", "saveArray"])(
    "%s refused: nothing is left",
    async (step) => {
      const held = await lasting();
      before[step] = () => {
        before = {};
        throw refusal("no luck");
      };
      await expect(upload("failing")).rejects.toMatchObject({
        code: "UPLOAD_FAILED",
        message: expect.stringMatching(/no luck.*(removed|nothing)/),
      });
      expect(await lasting()).toEqual(held);
    },
  );

  test("aborted: nothing is left", async () => {
    const held = await lasting();
    const controller = new AbortController();
    before.write = () => controller.abort("enough");
    await expect(upload("aborted", { signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
      cause: "enough",
    });
    before = {};
    expect(await lasting()).toEqual(held);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["a missing file", () => uploadFile("/nowhere", { connection, parentId: 1 }), "CANNOT_READ_FILE"],
    ["a directory", () => uploadFile(directory, { connection, parentId: 1 }), "CANNOT_READ_FILE"],
    ["nothing to attach to", () => uploadFile("/nowhere", { connection }), "INVALID_ARGUMENT"],
    ["an absent object", async () => upload("a", { parentId: 77 }), "NOT_FOUND"],
    ["a bad chunk size", async () => upload("a", { chunkSize: 0 }), "INVALID_ARGUMENT"],
  ])("%s: refused, and nothing is made", async (_, act, code) => {
    await expect(act()).rejects.toMatchObject({ code });
    expect(calls).not.toContain("saveAndReturnObject");
  });
});

describe("listFiles", () => {
  test("attachments of an object, tables among them, by namespace or name", async () => {
    const one = await upload("one.csv", { parentId: 2, namespace: "a", description: "first" });
    const other = await upload("other.csv", { parentId: 2, namespace: "b" });
    const table = await uploadTable({ x: [1] }, "table", { connection, parentId: 2 });
    const all = await listFiles({ connection, parentId: 2n, parentType: "image" });
    expect(all.map(({ annotationId }) => annotationId)).toEqual([
      one.annotationId,
      other.annotationId,
      table.annotationId,
    ]);
    expect(all[0]).toEqual({
      annotationId: one.annotationId,
      fileId: one.fileId,
      name: "one.csv",
      mimetype: "text/csv",
      size: BYTES.length,
      namespace: "a",
      description: "first",
      ownerId: Number(connection.session.userId),
      linkId: expect.any(Number),
    });
    expect(await listFiles({ connection, parentId: 2, namespace: "b" })).toEqual([all[1]]);
    expect(await listFiles({ connection, parentId: 2, name: "table" })).toEqual([all[2]]);
    expect(await listFiles({ connection, parentId: 1, parentType: "Dataset", name: "none" })).toEqual([]);
  });
});

describe("downloadFile", () => {
  async function download(options: Partial<DownloadFileOptions>): Promise<{ size: number; path: string }> {
    const path = join(await mkdtemp(join(directory, "to-")), "copy.bin");
    const size = await downloadFile({ connection, targetPath: path, ...options });
    return { size, path: options.targetPath ?? path };
  }

  test("by file, by annotation, by what it is attached to", async () => {
    const { fileId, annotationId } = await upload("named", { namespace: "to.download" });
    for (const which of [{ fileId }, { annotationId }, { parentId: 1, namespace: "to.download" }]) {
      const { size, path } = await download({ ...which, chunkSize: 7000 });
      expect(size).toBe(BYTES.length);
      expect((await readFile(path)).equals(BYTES)).toBe(true);
      expect(await readdir(join(path, ".."))).toEqual(["copy.bin"]);
    }
  });

  test("an empty file", async () => {
    const { fileId } = await upload("empty", {}, Buffer.alloc(0));
    const { size, path } = await download({ fileId });
    expect([size, (await readFile(path)).length]).toEqual([0, 0]);
  });

  test("an interrupted download goes on where it stopped", async () => {
    const { fileId } = await upload("long");
    const path = join(await mkdtemp(join(directory, "resumed-")), "copy.bin");
    const controller = new AbortController();
    const options = { connection, fileId, targetPath: path, chunkSize: 10_000 };
    const onProgress = ({ done }: { done: number }) => done >= 40_000 && controller.abort();
    await expect(downloadFile({ ...options, onProgress, signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
    const [part, ...rest] = await readdir(join(path, ".."));
    expect([part, rest]).toEqual([expect.stringMatching(/^\.copy\.bin\..*\.part$/), []]);
    const kept = (await stat(join(path, "..", part!))).size;
    const seen: number[] = [];
    await downloadFile({ ...options, onProgress: ({ done }) => seen.push(done) });
    expect(seen[0]).toBe(kept);
    expect(kept).toBeGreaterThanOrEqual(40_000);
    expect((await readFile(path)).equals(BYTES)).toBe(true);
    expect(await readdir(join(path, ".."))).toEqual(["copy.bin"]);
  });

  test("a bad rest of an earlier download is not gone on with", async () => {
    const { fileId } = await upload("long");
    const folder = await mkdtemp(join(directory, "bad-"));
    const path = join(folder, "copy.bin");
    for (const rest of [Buffer.alloc(5000), Buffer.alloc(BYTES.length + 1)]) {
      await writeFile(join(folder, `.copy.bin.${SHA1.slice(0, 16)}.part`), rest);
      await downloadFile({ connection, fileId, targetPath: path, overwrite: true });
      expect((await readFile(path)).equals(BYTES)).toBe(true);
    }
    expect(await readdir(folder)).toEqual(["copy.bin"]);
  });

  test("bytes that are not what the server noted are refused, and nothing is left", async () => {
    const { fileId } = await upload("damaged");
    const content = (await server.contents()).contentFiles.find((name) => name.startsWith(String(fileId)));
    const stored = await storedPath(server.directory, content!);
    await writeFile(stored, Buffer.from(BYTES).reverse());
    const folder = await mkdtemp(join(directory, "damaged-"));
    const failing = downloadFile({ connection, fileId, targetPath: join(folder, "copy") });
    await expect(failing).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH" });
    expect(await readdir(folder)).toEqual([]);
  });

  test("errors before anything is sent", async () => {
    const path = await local("there");
    await expect(download({ fileId: 1, targetPath: path })).rejects.toMatchObject({ code: "FILE_EXISTS" });
    await expect(download({})).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(download({ fileId: 1, parentId: 1 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(download({ fileId: 1, chunkSize: -1 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(calls).toEqual([]);
    await expect(download({ fileId: 999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(download({ parentId: 2, namespace: "none" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(download({ parentId: 2 })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/3 files/),
    });
  });

  async function storedPath(root: string, name: string): Promise<string> {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const entry = entries.find((one) => one.isFile() && one.name === name)!;
    return join(entry.parentPath, entry.name);
  }
});
