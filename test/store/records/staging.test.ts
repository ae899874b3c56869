/** What is written in steps belongs to who writes it, whoever else opens the store meanwhile. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Entries } from "../../../src/store/records/entries.js";
import { Environment, type Pages } from "../../../src/store/records/environment.js";
import { CONTENTS, RECORDS, removeLeftBehind, StagedContent } from "../../../src/store/records/staging.js";
import { temporaryFolder } from "../support.js";

/** Of no process: Linux gives none so high. */
const NO_PROCESS = 2 ** 30;

async function entriesOf() {
  const env = new Environment(await temporaryFolder(), { readOnly: false, sync: "batched" });
  const staging = env.database<string>("staging") as Pages<string>;
  const records = env.database<string>(`${RECORDS}d`) as Pages;
  const entries = new Entries(env, "d", records, env.database<[number, number]>(`${CONTENTS}d`)!);
  return { env, staging, entries };
}

const put = (entries: Entries, text: string) =>
  entries.keep(() => "it", { head: { kind: "value" }, bytes: Buffer.from(text) });
const textOf = async (entries: Entries) => Buffer.from((await entries.load("it"))!.bytes).toString();

describe("staged content", () => {
  it("of a process that has ended is removed once, though several find it", async () => {
    const { env, staging, entries } = await entriesOf();
    await env.write(() => {
      entries.contents.putSync([0, 0], Buffer.from("half"));
      staging.putSync("0 d", Buffer.from(String(NO_PROCESS)));
    });
    // Both have found it before either removes it; its number is given to another meanwhile.
    const other = removeLeftBehind(env);
    const write = env.write.bind(env);
    env.write = async (change) => {
      env.write = write;
      await other;
      await put(entries, "acknowledged");
      return write(change);
    };
    await removeLeftBehind(env);
    expect(await textOf(entries)).toBe("acknowledged");
    expect([...staging.getKeys()]).toEqual([]);
    await env.close();
  });

  it("of a process in another namespace is removed when that has the store open no more", async () => {
    const { env, staging, entries } = await entriesOf();
    const marker = join(env.path, "processes", "writing-7-1-ns1-a");
    await mkdir(join(env.path, "processes"));
    await writeFile(marker, "");
    await env.write(() => {
      entries.contents.putSync([0, 0], Buffer.from("half"));
      staging.putSync("0 d", Buffer.from("7-1-ns1-b"));
    });
    await removeLeftBehind(env);
    expect([...staging.getKeys()]).toEqual(["0 d"]);
    await rm(marker);
    await removeLeftBehind(env);
    expect([...staging.getKeys()]).toEqual([]);
    expect([...entries.contents.getKeys()]).toEqual([]);
    await env.close();
  });

  it("that was taken for left behind takes nothing from who has its number now", async () => {
    const { env, staging, entries } = await entriesOf();
    const staged = await StagedContent.begin(entries);
    await env.write(() => {
      staging.removeSync("0 d");
      entries.contents.removeSync([0, 0]);
    });
    await put(entries, "acknowledged");
    await staged.append(Buffer.from("late"));
    await expect(staged.finish()).rejects.toMatchObject({ code: "STORE_FAILED" });
    await expect(env.write(() => staged.adopt())).rejects.toThrow("left behind");
    await staged[Symbol.asyncDispose]();
    expect(await textOf(entries)).toBe("acknowledged");
    await env.close();
  });

  it("stays when the dictionary is cleared meanwhile", async () => {
    const { env, entries } = await entriesOf();
    await put(entries, "gone");
    const staged = await StagedContent.begin(entries);
    await staged.append(new Uint8Array(9 * 2 ** 20).fill(5));
    await entries.clear();
    expect(entries.count).toBe(0);
    await staged.finish();
    await env.write(() => entries.placeHead("long", { kind: "value", content: staged.adopt() }));
    expect((await entries.load("long"))!.bytes.every((byte) => byte === 5)).toBe(true);
    await entries.clear();
    expect(env.bytesOf(`${CONTENTS}d`)).toBe(0);
    await env.close();
  });
});
