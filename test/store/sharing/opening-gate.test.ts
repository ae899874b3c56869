import { readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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

  it("removes no file of a process in another namespace, as a container has one, and waits for it", async () => {
    const [opening, writing] = ["opening-1-1-ns1-a", "writing-1-1-ns1-b"].map((name) => join(others, name));
    await writeFile(opening!, "");
    await writeFile(writing!, Uint8Array.of(1));
    expect(gate.enter()).toBeInstanceOf(Promise);
    const opened = gate.open(() => {});
    await pause(20);
    expect((await readdir(others)).filter((name) => name.includes("-ns1-"))).toHaveLength(2);
    await Promise.all([rm(opening!), rm(writing!)]);
    await opened;
    await pause(5);
    gate.leave();
  });

  it("forgets those of other namespaces that say nothing for an hour, and makes its own file again where it was removed", async () => {
    const names = ["opening-1-1-ns1-a", "writing-1-1-ns1-b"].map((name) => join(others, name));
    for (const path of names) await left(path, 2 * 3_600);
    expect(gate.enter()).toBeUndefined();
    gate.leave();
    await gate.open(() => {});
    expect(await readdir(others)).toHaveLength(1);
    await rm(others, { recursive: true });
    const later = performance.now() + 2_000;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => later);
    expect(gate.enter()).toBeUndefined();
    expect(await said()).toEqual([1]);
    clock.mockRestore();
    gate.leave();
    expect(await said()).toEqual([0]);
  });

  it("waits for nobody who has said long ago that it writes, as one does that was stopped or a copy of its file", async () => {
    await left(await markOf("writing"), 120);
    let isOpen = false;
    const opened = gate.open(() => {
      isOpen = true;
    });
    await nextTurn();
    expect(isOpen).toBe(true);
    await opened;
  });

  it("waits no longer for who opens the store where the clock was set back", async () => {
    await left(await markOf("opening"), -3_600);
    expect(gate.enter()).toBeInstanceOf(Promise);
    const later = performance.now() + 11_000;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => later);
    await gate.enter();
    clock.mockRestore();
    gate.leave();
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

/** A file that says that its process writes, some seconds old. */
async function left(path: string, seconds: number): Promise<void> {
  await writeFile(path, Uint8Array.of(1));
  const time = Date.now() / 1_000 - seconds;
  await utimes(path, time, time);
}

/** What this process says of its writes. */
async function said(): Promise<number[]> {
  const names = (await readdir(others)).filter((name) => name.startsWith(`writing-${process.pid}-`));
  return Promise.all(names.map(async (name) => (await readFile(join(others, name)))[0]!));
}
