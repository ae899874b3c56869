import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError } from "../../../../src/errors.js";
import { rdouble, rlong, rstring } from "../../../../src/rtypes.js";
import type { StoredObject } from "../../../../src/server/model/object-store.js";
import { claimDirectory } from "../../../../src/server/world/disk/server-directory.js";
import { Environment } from "../../../../src/store/records/environment.js";
import { type SmallWorld, smallWorld, stored } from "../small-world.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-test-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const OBJECT = `{"className":"Image","id":{"$long":"1"},"owner":{"$long":"0"},"group":{"$long":"0"},"created":0,"updated":0`;
const holding = (object: string) => `{"format":1,"databaseUuid":"u","lastIds":{},"objects":[${object}]}`;

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
    const kept = first.world.store.put(object);
    const deletedId = first.world.store.nextId("Roi");
    const uuid = first.world.file.databaseUuid;
    await first[Symbol.asyncDispose]();

    const second = await smallWorld([], directory);
    expect(stored(second.world, { className: "Roi", id: 7n })).toEqual(kept);
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
    await small.world.file.save();
    small.world.store.delete("Image", 1234n);
    small.world.store.put({ className: "Image", id: 1235n, owner: 2n, group: 10n, created: 0, updated: 0, values: {} });
    const data = join(directory, "objects", "data.mdb");
    await expect.poll(async () => (await readFile(data)).includes('"1235"')).toBe(true);
    expect((await readdir(directory)).sort()).toEqual(["files", "objects"]);
    await small.world.abandon();
    const again = await smallWorld([], directory);
    expect([1234n, 1235n].map((id) => again.world.store.get("Image", id)?.id)).toEqual([undefined, 1235n]);
    await again[Symbol.asyncDispose]();
  });

  it("holds no password", async () => {
    const small = await smallWorld([], directory);
    await small[Symbol.asyncDispose]();
    expect(await readFile(join(directory, "objects", "data.mdb"), "latin1")).not.toMatch(/password/i);
  });

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

it("takes the objects of an older server, once, and keeps its file as it was", async () => {
  const text = holding(`${OBJECT},"values":{"name":{"iceId":"::omero::RString","val":"old"}}}`).replace(
    '"lastIds":{}',
    '"lastIds":{"Image":"77"}',
  );
  await writeFile(join(directory, "objects.json"), text);
  const first = await smallWorld([{ type: "Image", id: 5, group: "private" }], directory);
  expect(stored(first.world, { className: "Image", id: 1n }).values.name).toEqual(rstring("old"));
  expect([first.world.file.databaseUuid, first.world.store.get("Image", 5n)]).toEqual(["u", undefined]);
  expect(first.world.store.nextId("Image")).toBe(78n);
  first.world.store.delete("Image", 1n);
  await first[Symbol.asyncDispose]();
  const second = await smallWorld([], directory);
  expect(second.world.store.get("Image", 1n)).toBeUndefined();
  await second[Symbol.asyncDispose]();
  expect((await readdir(directory)).sort()).toEqual(["files", "objects", "objects.json.converted"]);
  expect(await readFile(join(directory, "objects.json.converted"), "utf8")).toBe(text);
});

it("leaves a damaged file of an older server as it is", async () => {
  const path = join(directory, "objects.json");
  const damaged = holding(`${OBJECT},"values":{}},${OBJECT},"values":[]}`);
  await writeFile(path, damaged);
  await expect(smallWorld([], directory)).rejects.toThrow(DataError);
  expect(await readFile(path, "utf8")).toBe(damaged);
  // Nothing of it was taken.
  await expect(smallWorld([], directory)).rejects.toThrow(DataError);
});

it.each([
  ["an object that is none", "objects", "Image:9", "{}"],
  ["an object that is no text", "objects", "Image:9", "{"],
  ["another format", "facts", "format", "3"],
  ["an id that is none", "facts", "last:Image", "many"],
])("refuses a database with %s", async (_what, database, key, text) => {
  await (await smallWorld([], directory))[Symbol.asyncDispose]();
  const environment = new Environment(join(directory, "objects"), { readOnly: false, sync: "always" });
  await environment.write(() => environment.database<string>(database)!.putSync(key, Buffer.from(text)));
  await environment.close();
  await expect(smallWorld([], directory)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
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

  it("gives no id again that it has given", async () => {
    let given = 0n;
    await killed(async ({ world }) => {
      given = world.store.nextId("OriginalFile");
      world.store.put(file(given));
      await world.file.save();
      world.store.delete("OriginalFile", given);
      await world.file.save();
    });
    const again = await smallWorld([], directory);
    const next = again.world.store.nextId("OriginalFile");
    expect(next).toBeGreaterThan(given);
    await again[Symbol.asyncDispose]();
    const third = await smallWorld([], directory);
    expect(third.world.store.nextId("OriginalFile")).toBe(next + 1n);
    await third[Symbol.asyncDispose]();
  });

  it("leaves content of no object, which is moved aside, and half a copy, which goes", async () => {
    await killed(async ({ world }) => {
      world.store.put(file(7n));
      await world.files.write(7n, 0, Buffer.from("kept"));
      await world.file.save();
      await world.files.write(8n, 0, Buffer.from("of an object that was not saved"));
    });
    await writeFile(join(directory, "files", "7.part"), "half a copy");
    await writeFile(join(directory, "files", "notes.txt"), "not ours");
    const again = await smallWorld([], directory);
    expect((await readdir(directory)).sort()).toEqual(["files", "objects", "unknown"]);
    expect((await readdir(join(directory, "files"))).sort()).toEqual(["7", "notes.txt"]);
    const [aside] = again.world.setAside;
    expect(aside).toContain(join(directory, "unknown", "8-"));
    expect(await readFile(aside!, "utf8")).toBe("of an object that was not saved");
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
      await world.removeContent([7n]);
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
    for (const older of ["999999999", "1", ""]) {
      await writeFile(join(directory, "server.lock"), older);
      await (await claimDirectory(directory)).release();
    }
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

  it("says what to do about a lock that another machine has left", async () => {
    const lock = join(directory, "server.lock");
    await writeFile(lock, JSON.stringify({ process: 7, host: "elsewhere", boot: "another" }));
    const refused = claimDirectory(directory);
    await expect(refused).rejects.toThrow(/process 7 on elsewhere.* remove .*server\.lock/);
    await rm(lock);
    await (await claimDirectory(directory)).release();
  });

  it("takes over from a container of this machine", async () => {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const left = { process: 7, host: "elsewhere", boot: boot.trim() };
    await writeFile(join(directory, "server.lock"), JSON.stringify(left));
    await (await claimDirectory(directory)).release();
  });

  it("keeps what is in it for its owner alone, in a directory that was open to all", async () => {
    await chmod(directory, 0o755);
    const held = await claimDirectory(directory);
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect([await mode(directory), await mode(join(directory, "server.lock"))]).toEqual(["700", "600"]);
    await held.release();
  });

  it("removes a temporary directory", async () => {
    const temporary = await claimDirectory(undefined);
    await writeFile(join(temporary.path, "x"), "x");
    await temporary.release();
    await expect(readdir(temporary.path)).rejects.toThrow(/ENOENT/);
  });
});
