import { readdirSync, readlinkSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NOTE_SUFFIX, RecentWrites, recoverWrites, WholeWrites } from "../../../src/server/pixels/whole-writes.js";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "whole-writes-"));
  path = join(folder, "1");
  await writeFile(path, new Uint8Array(64));
});
afterEach(() => rm(folder, { recursive: true }));

/** What a process leaves that is killed: a note of a write, and half of it. */
async function leave(kind: bigint, position: number, bytes: Uint8Array): Promise<void> {
  const note = Buffer.alloc(24);
  for (const [index, value] of [kind, BigInt(position), BigInt(bytes.length)].entries()) {
    note.writeBigUInt64LE(value, 8 * index);
  }
  await writeFile(path + NOTE_SUFFIX, Buffer.concat([note, kind === 2n ? bytes : new Uint8Array()]));
  const content = await readFile(path);
  content.set(bytes.subarray(0, bytes.length / 2), position);
  await writeFile(path, content);
}

/** Where an open file lies; nowhere if it is closed by now. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
}

const first = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const second = first.map((value) => value + 100);

describe("WholeWrites", () => {
  it("writes, again too, and leaves nothing beside the file", async () => {
    const writes = new WholeWrites(path);
    await writes.write(first, 16);
    await writes.write(second, 16);
    await writes.write(new Uint8Array(), 3);
    await writes.sync();
    await writes.close();
    expect(await readdir(folder)).toEqual(["1"]);
    expect(await readFile(path)).toEqual(Buffer.concat([Buffer.alloc(16), second, Buffer.alloc(16)]));
  });

  it("keeps few files open, and goes on with those that it closed", async () => {
    const recent = new RecentWrites(2);
    const paths = [1, 2, 3, 4].map((name) => join(folder, String(name)));
    for (const each of paths) await writeFile(each, new Uint8Array(64));
    const all = paths.map((each) => new WholeWrites(each, recent));
    const openFiles = () =>
      readdirSync("/proc/self/fd")
        .map((fd) => linkOf(fd))
        .filter((at) => at.startsWith(folder));
    for (const writes of all) await writes.write(first, 0);
    expect(openFiles()).toHaveLength(4);
    for (const writes of all) await writes.write(second, 0);
    for (const writes of all) await writes.write(first, 32);
    for (const writes of all) await writes.close();
    expect(openFiles()).toEqual([]);
    for (const each of paths) expect(await readFile(each)).toEqual(Buffer.concat([second, first]));
    expect(await readdir(folder)).toEqual(["1", "2", "3", "4"]);
  });

  it("leaves nothing of a first write that was not ended", async () => {
    await leave(1n, 8, first);
    await recoverWrites(path);
    expect(await readFile(path)).toEqual(Buffer.alloc(64));
    expect(await readdir(folder)).toEqual(["1"]);
  });

  it("ends a write over something that was there", async () => {
    const writes = new WholeWrites(path);
    await writes.write(first, 8);
    await writes.close();
    await leave(2n, 8, second);
    await recoverWrites(path);
    expect(await readFile(path)).toEqual(Buffer.concat([Buffer.alloc(8), second, Buffer.alloc(24)]));
  });

  it.each([0, 10, 24])("changes nothing where a note of %i bytes says nothing", async (length) => {
    await writeFile(path, new Uint8Array(64).fill(7));
    await writeFile(path + NOTE_SUFFIX, new Uint8Array(length));
    await recoverWrites(path);
    expect(await readFile(path)).toEqual(Buffer.alloc(64, 7));
    expect(await readdir(folder)).toEqual(["1"]);
  });

  it("makes no file longer", async () => {
    await leave(1n, 40, first.subarray(0, 20));
    const note = await readFile(path + NOTE_SUFFIX);
    note.writeBigUInt64LE(1_000_000n, 16);
    await writeFile(path + NOTE_SUFFIX, note);
    await recoverWrites(path);
    expect(await readFile(path)).toEqual(Buffer.alloc(64));
  });
});
