import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { networkFileSystem } from "../../src/store/local-folder.js";
import { openStore } from "../../src/store/open-store.js";
import { collect, openedStore, temporaryFolder } from "./support.js";

describe("openStore", () => {
  it("opens what was closed, and several times at once", async () => {
    const folder = await temporaryFolder();
    const first = await openedStore(folder);
    await first.open("a").set("x", 1);
    const second = await openedStore(folder, { sync: "batched" });
    await second.open("a").set("y", 2);
    expect(await first.open("a").get("y")).toBe(2);
    expect(first.open("a")).toBe(first.open("a"));
    await first.close();
    await first.close();
    expect(await second.open("a").get("x")).toBe(1);
    await expect(first.open("a").get("x")).rejects.toMatchObject({ code: "STORE_CLOSED" });
    await second.close();
    const third = await openedStore(folder);
    expect(await collect(third.open("a").keys())).toEqual(["x", "y"]);
  });

  it("refuses to promise more than what this process has it open for", async () => {
    const folder = await temporaryFolder();
    const batched = await openedStore(folder, { sync: "batched" });
    await batched.open("a").set("x", 1);
    await expect(openStore(folder)).rejects.toThrow('open with sync "batched"');
    await batched.close();
    const reader = await openedStore(folder, { readOnly: true });
    await expect(openStore(folder)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await reader.close();
    const writer = await openedStore(folder);
    await (await openedStore(folder, { readOnly: true })).close();
    await writer.open("a").set("x", 2);
    expect(await writer.open("a").get("x")).toBe(2);
  });

  it("tells what dictionaries there are and what they take", async () => {
    const store = await openedStore();
    store.open("empty");
    await store.open("ä/b c").set(1, "x".repeat(100_000));
    await store.open("other").set(1, 1);
    expect(store.names()).toEqual(["other", "ä/b c"]);
    const [other, long] = store.usage();
    expect(other).toMatchObject({ name: "other", entries: 1 });
    expect(long!.bytes).toBeGreaterThan(100_000);
    expect(store.fileBytes).toBeGreaterThan(long!.bytes);
    expect(await store.drop("other")).toBe(true);
    expect(await store.drop("other")).toBe(false);
    expect(store.names()).toEqual(["ä/b c"]);
    expect(() => store.open("")).toThrow("1 to 200 bytes");
  });

  it.runIf(process.platform === "linux")("makes its folder, or says why it cannot", async () => {
    const folder = await temporaryFolder();
    await (await openedStore(join(folder, "a", "b"))).open("d").set(1, 1);
    await writeFile(join(folder, "file"), "");
    await expect(openStore(join(folder, "file"))).rejects.toThrow("there is a file of that name");
    for (const path of [join(folder, "file", "x"), "/proc/store/x", "/proc/self/store"]) {
      await expect(openStore(path)).rejects.toMatchObject({ code: "CANNOT_WRITE_FILE" });
    }
  });

  it("opens to read only what is there, and writes nothing to it", async () => {
    const folder = await temporaryFolder();
    await expect(openStore(folder, { readOnly: true })).rejects.toMatchObject({ code: "NO_SUCH_STORE" });
    const writer = await openedStore(folder);
    await writer.open("a").set("x", 1);
    const reader = await openedStore(folder, { readOnly: true });
    expect(await reader.open("a").get("x")).toBe(1);
    await expect(reader.open("a").set("x", 2)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
    expect(() => reader.open("none")).toThrow("has no dictionary none");
  });

  it("refuses what is no store", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "file");
    await writeFile(file, "text");
    await expect(openStore(file)).rejects.toMatchObject({ code: "CANNOT_WRITE_FILE" });
    await writeFile(join(folder, "data.mdb"), Buffer.alloc(8192, 1));
    await expect(openStore(folder)).rejects.toMatchObject({ code: "STORE_FAILED", path: folder });
    await expect(openStore("")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(openStore(folder, { sync: "never" as never })).rejects.toThrow('"always" or "batched"');
  });

  it("removes what a killed process was writing", async () => {
    const folder = await temporaryFolder();
    const program = `
      import { openStore } from ${JSON.stringify(new URL("../../src/store/open-store.ts", import.meta.url).href)};
      const store = await openStore(${JSON.stringify(folder)});
      await store.open("t").set("before", 1);
      const batch = { fields: [], columns: [{ kind: "bool", values: new Uint8Array(20e6) }], rowCount: 1, rowNumbers: { start: 0, step: 1 } };
      await store.open("t").setTable("big", (function* () { yield batch; yield batch; })()).catch(() => {});
      await store.open("t").setTable("bigger", (async function* () { yield batch; process.kill(process.pid, "SIGKILL"); yield batch; })());`;
    const script = join(folder, "writer.mts");
    await writeFile(script, program);
    const ended = await promisify(execFile)(process.execPath, ["--import", "tsx", script]).catch((error) => error);
    expect(ended.signal).toBe("SIGKILL");
    const store = await openedStore(folder);
    expect(await collect(store.open("t").keys())).toEqual(["before", "big"]);
    const { bytes } = store.usage()[0]!;
    expect(bytes).toBeGreaterThan(40e6);
    expect(bytes).toBeLessThan(45e6);
  });
});

describe("a folder's file system", () => {
  const known = (type: number, name?: string) => networkFileSystem("/data", async () => ({ type, name }));

  it("is of this machine, or told by name", async () => {
    expect(await known(0xef53)).toBeUndefined();
    expect(await known(0x6969)).toBe("NFS");
    expect(await known(0xff534d42)).toBe("CIFS");
    expect(await known(0x65735546, "fuse.sshfs")).toBe("FUSE (fuse.sshfs)");
    expect(await known(0x65735546, "fuseblk")).toBeUndefined();
    expect(await networkFileSystem(await temporaryFolder())).toBeUndefined();
  });

  it("is found for the root of this machine, which Linux lists", async () => {
    expect(await readFile("/proc/self/mountinfo", "utf8")).toContain(" / ");
    expect(await networkFileSystem("/proc")).toBeUndefined();
  });
});
