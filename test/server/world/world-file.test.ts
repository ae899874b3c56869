import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError } from "../../../src/errors.js";
import { rdouble, rlong, rstring } from "../../../src/rtypes.js";
import type { StoredObject } from "../../../src/server/model/object-store.js";
import { claimDirectory } from "../../../src/server/world/server-directory.js";
import { type SmallWorld, smallWorld, stored } from "./small-world.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-test-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("WorldFile", () => {
  it("brings back what was saved: int64, NaN, text, bytes, references, ids of deleted objects", async () => {
    const values = {
      name: rstring("näme 🧬"),
      size: rlong(2n ** 63n - 1n),
      x: rdouble(Number.NaN),
      y: rdouble(Number.NEGATIVE_INFINITY),
      mapValue: [{ iceId: "::omero::model::NamedValue", name: "k", value: "v" }],
      bytes: Uint8Array.of(1, 2, 255),
      longs: BigInt64Array.of(-1n),
      table: new Map([["k", 1n]]),
      image: { className: "Image", id: 4n },
      nothing: null,
    };
    const first = await smallWorld([{ type: "Image", id: 4, group: "private" }], directory);
    const object = { className: "Roi", id: 7n, owner: 2n, group: 10n, created: 1.5, updated: 2, values };
    first.world.store.put(object);
    const deletedId = first.world.store.nextId("Roi");
    const uuid = first.world.file.databaseUuid;
    await first[Symbol.asyncDispose]();

    const second = await smallWorld([], directory);
    expect(stored(second.world, { className: "Roi", id: 7n })).toEqual(object);
    expect(second.world.store.nextId("Roi")).toBe(deletedId + 1n);
    expect(second.world.file.databaseUuid).toBe(uuid);
    expect(second.world.store.referring("Roi", "image", { className: "Image", id: 4n })).toHaveLength(1);
    expect(second.world.accounts.userNamed("ann")!.id).toBe(first.world.accounts.userNamed("ann")!.id);
    expect([...second.world.store.all("AdminPrivilege")]).toHaveLength(
      [...first.world.store.all("AdminPrivilege")].length,
    );
    await second[Symbol.asyncDispose]();
  });

  it("saves by itself soon after a change, and leaves no other files", async () => {
    const small = await smallWorld([], directory);
    small.world.store.put({ className: "Image", id: 1234n, owner: 2n, group: 10n, created: 0, updated: 0, values: {} });
    await expect.poll(() => readFile(join(directory, "objects.json"), "utf8").catch(() => "")).toContain('"1234"');
    expect((await readdir(directory)).sort()).toEqual(["files", "objects.json"]);
    await small[Symbol.asyncDispose]();
  });

  it("holds no password", async () => {
    const small = await smallWorld([], directory);
    await small[Symbol.asyncDispose]();
    expect(await readFile(join(directory, "objects.json"), "utf8")).not.toMatch(/password/i);
  });

  const OBJECT = `{"className":"Image","id":{"$long":"1"},"owner":{"$long":"0"},"group":{"$long":"0"},"created":0,"updated":0`;
  const holding = (object: string) => `{"format":1,"databaseUuid":"u","lastIds":{},"objects":[${object}]}`;

  it.each([
    "",
    "{",
    "[]",
    '{"format":2,"objects":[]}',
    '{"format":1}',
    "null",
    holding("null"),
    holding(`${OBJECT}}`),
    holding(`${OBJECT},"values":[]}`),
    holding(`${OBJECT.replace("Image", "Imago")},"values":{}}`),
    holding(`${OBJECT.replace('{"$long":"1"}', "1")},"values":{}}`),
    holding(`${OBJECT},"values":{"format":{"className":"Format","id":1}}}`),
    holding(`${OBJECT.replace("Image", "GroupExperimenterMap")},"values":{}}`),
    holding(`${OBJECT},"values":{},"array":"/arrays/a.tiledb"}`),
    holding(`${OBJECT},"values":{},"array":{"path":"/arrays/a.tiledb"}}`),
  ])("refuses a file that holds %j", async (text) => {
    await writeFile(join(directory, "objects.json"), text);
    await expect(smallWorld([], directory)).rejects.toThrow(DataError);
  });
});

it("leaves a damaged file as it is", async () => {
  const small = await smallWorld([], directory);
  small.world.store.put({ className: "Image", id: 1n, owner: 2n, group: 10n, created: 0, updated: 0, values: {} });
  await small[Symbol.asyncDispose]();
  const path = join(directory, "objects.json");
  const damaged = (await readFile(path, "utf8")).replace('"ExperimenterGroup"', '"ExperimenterGroop"');
  const last = damaged.lastIndexOf('"values":{');
  await writeFile(path, `${damaged.slice(0, last)}"values":[${damaged.slice(last + 10).replace("}}]", "]}]")}`);
  const before = await readFile(path, "utf8");
  await expect(smallWorld([], directory)).rejects.toThrow(DataError);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await readFile(path, "utf8")).toBe(before);
});

describe("a server that was killed", () => {
  /** A world that ends as with its process. */
  async function killed(work: (small: SmallWorld) => Promise<unknown>): Promise<void> {
    const small = await smallWorld([], directory);
    await work(small);
    await small.world.abandon();
  }

  const file = (id: bigint) => ({
    className: "OriginalFile",
    id,
    owner: 2n,
    group: 10n,
    created: 0,
    updated: Date.now() - 1000,
    values: { name: rstring("f"), size: rlong(0), hash: rstring("") },
  });

  it("gives no id again that it may have given before it saved", async () => {
    let given = 0n;
    await killed(async ({ world }) => {
      await world.file.save();
      given = world.store.nextId("OriginalFile");
    });
    const again = await smallWorld([], directory);
    const next = again.world.store.nextId("OriginalFile");
    expect(next).toBeGreaterThan(given);
    await again[Symbol.asyncDispose]();
    const third = await smallWorld([], directory);
    expect(third.world.store.nextId("OriginalFile")).toBe(next + 1n);
    await third[Symbol.asyncDispose]();
  });

  it("leaves content of no object, half a copy and half a save, all of which go", async () => {
    await killed(async ({ world }) => {
      world.store.put(file(7n));
      await world.files.write(7n, 0, Buffer.from("kept"));
      await world.file.save();
      await world.files.write(8n, 0, Buffer.from("of an object that was not saved"));
    });
    await writeFile(join(directory, "files", "7.part"), "half a copy");
    await writeFile(join(directory, "files", "notes.txt"), "not ours");
    await writeFile(join(directory, "objects.json.part"), "half");
    const again = await smallWorld([], directory);
    expect((await readdir(directory)).sort()).toEqual(["files", "objects.json"]);
    expect((await readdir(join(directory, "files"))).sort()).toEqual(["7", "notes.txt"]);
    await again[Symbol.asyncDispose]();
  });

  it("has not noted size and checksum of what was written last; they are found out", async () => {
    await killed(async ({ world }) => {
      const isSha1 = ({ values }: StoredObject) => (values.value as { val: string }).val === "SHA1-160";
      const { className, id } = [...world.store.all("ChecksumAlgorithm")].find(isSha1)!;
      const unnoted = file(7n);
      world.store.put({ ...unnoted, values: { ...unnoted.values, hasher: { className, id } } });
      await world.files.write(7n, 0, Buffer.from("abc"));
      await world.file.save();
    });
    const again = await smallWorld([], directory);
    expect(stored(again.world, { className: "OriginalFile", id: 7n }).values).toMatchObject({
      size: rlong(3),
      hash: rstring("a9993e364706816aba3e25717850c26c9cd0d89d"),
    });
    await again[Symbol.asyncDispose]();
  });

  it("has saved that an object is gone before its content is", async () => {
    await killed(async ({ world }) => {
      world.store.put(file(7n));
      await world.files.write(7n, 0, Buffer.from("abc"));
      await world.file.save();
      world.store.delete("OriginalFile", 7n);
      await world.removeContent(7n);
    });
    const again = await smallWorld([], directory);
    expect(again.world.store.get("OriginalFile", 7n)).toBeUndefined();
    await again[Symbol.asyncDispose]();
  });
});

describe("claimDirectory", () => {
  it("keeps a second server out until the first is gone", async () => {
    const first = await claimDirectory(directory);
    await expect(claimDirectory(directory)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await first.release();
    await (await claimDirectory(directory)).release();
  });

  it("takes over from a server that was killed", async () => {
    await writeFile(join(directory, "server.lock"), "999999999");
    await (await claimDirectory(directory)).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it("takes over from one of the same process id, as a container may give it again", async () => {
    await writeFile(join(directory, "server.lock"), String(process.pid));
    const again = await claimDirectory(directory);
    await expect(claimDirectory(join(directory, "..", basename(directory)))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await again.release();
  });

  it("removes a temporary directory", async () => {
    const temporary = await claimDirectory(undefined);
    await writeFile(join(temporary.path, "x"), "x");
    await temporary.release();
    await expect(readdir(temporary.path)).rejects.toThrow(/ENOENT/);
  });
});
