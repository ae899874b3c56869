import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OpeningGate } from "../../../src/store/sharing/opening-gate.js";
import { temporaryFolder } from "../support.js";

let store: string;
let gate: OpeningGate;
let others: string;

beforeEach(async () => {
  store = await temporaryFolder();
  gate = new OpeningGate(store);
  others = join(store, "processes");
  gate.writeNow(() => {}); // makes the folder
});

afterEach(() => gate.close());

describe("the gate of a store", () => {
  it("lets writes pass at once while nobody opens the store", () => {
    expect(gate.enter()).toBeUndefined();
    expect(gate.enter()).toBeUndefined();
    gate.leave();
    gate.leave();
  });

  it("has writes wait for a process that opens the store, and pass in their order", async () => {
    const marker = await markOf("opening");
    const passed: number[] = [];
    const writes = [1, 2, 3].map(async (write) => {
      await gate.enter();
      passed.push(write);
      gate.leave();
    });
    await pause(20);
    expect(passed).toEqual([]);
    await rm(marker);
    await Promise.all(writes);
    expect(passed).toEqual([1, 2, 3]);
    await pause(5);
    expect(await said()).toEqual([0]);
  });

  it("opens the store when the writes of others have ended", async () => {
    const writing = await markOf("writing", 1);
    let isOpen = false;
    const opened = gate.open(() => {
      isOpen = true;
    });
    await pause(20);
    expect(isOpen).toBe(false);
    await writeFile(writing, Uint8Array.of(0));
    await opened;
    expect(isOpen).toBe(true);
    expect((await readdir(others)).filter((name) => name.startsWith("opening-"))).toEqual([]);
  });

  it("says that it writes as long as one write is under way", async () => {
    gate.enter();
    gate.enter();
    expect(await said()).toEqual([1]);
    gate.leave();
    expect(await said()).toEqual([1]);
    gate.leave();
    expect(await said()).toEqual([0]);
  });

  it("removes what killed processes left, and waits for none of them", async () => {
    const left = ["opening-4194305-1-a", "writing-4194305-1-b"].map((name) => join(others, name));
    for (const path of left) await writeFile(path, Uint8Array.of(1));
    expect(gate.enter()).toBeUndefined();
    gate.leave();
    await gate.open(() => {});
    expect((await readdir(others)).length).toBe(1);
  });

  it("leaves no file when it is closed", async () => {
    gate.close();
    expect(await readdir(others)).toEqual([]);
  });
});

/** A file of the process that has started this one. */
async function markOf(kind: string, answer = 0): Promise<string> {
  const stat = await readFile(`/proc/${process.ppid}/stat`, "latin1");
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const path = join(others, `${kind}-${process.ppid}-${start}-other`);
  await writeFile(path, Uint8Array.of(answer));
  return path;
}

/** What this process says of its writes. */
async function said(): Promise<number[]> {
  const names = (await readdir(others)).filter((name) => name.startsWith(`writing-${process.pid}-`));
  return Promise.all(names.map(async (name) => (await readFile(join(others, name)))[0]!));
}
