/** Services with a state take one call at a time. */
import { expect, it } from "vitest";
import type { RawFileStore } from "../../../src/connect/ice/schema/omero.js";
import type { TestClient } from "../../server/client.js";
import { failureOf, idOf, logIn, newFile, type ServerUnderTest, settles } from "./ruled-server.js";

const BLOCK = 1 << 20;
/** Milliseconds after which a call counts as never answered. */
const PATIENCE = 2_000;
const CLASHES = [/Hibernate session is not re-entrant/, /could not execute query/, /connection handle already closed/];

export function describeStatefulServices(serverUnderTest: ServerUnderTest): void {
  it("a second call on a raw file store while one is in work is an error, or has no answer at all", async () => {
    await using client = await logIn(serverUnderTest());
    const { id, store } = await newFile(client);
    await store.write(new Uint8Array(4 * BLOCK), 0, 4 * BLOCK);
    await store.close();
    const outcomes = new Set<string>();
    for (let attempt = 0; attempt < 24 && !isTelling(outcomes); attempt++) {
      for (const outcome of await twoAtOnce(client, id)) outcomes.add(outcome);
    }
    expect([...outcomes].sort()).toEqual(["answered", "refused", "unanswered"]);
    expect((await serverUnderTest().mostStatefulCalls?.()) ?? 2).toBeGreaterThan(1);
  });

  it("several stores, one call each, are answered", async () => {
    await using client = await logIn(serverUnderTest());
    const { id, store } = await newFile(client);
    await store.write(new Uint8Array(BLOCK).fill(7), 0, BLOCK);
    await store.close();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(client, id)));
    const blocks = await Promise.all(stores.map((own) => own.read(0, BLOCK)));
    expect(blocks.every((block) => block.length === BLOCK && block[BLOCK - 1] === 7)).toBe(true);
    await Promise.all(stores.map((own) => own.close()));
  });

  it("services without a state and tables take several calls at a time", async () => {
    await using client = await logIn(serverUnderTest());
    const query = await client.query();
    const { image } = serverUnderTest();
    const found = await Promise.all(Array.from({ length: 8 }, () => query.get("Image", image)));
    expect(found.map(idOf)).toEqual(new Array(8).fill(image));
    const table = await client.newTable("several calls");
    const file = idOf(await table.getOriginalFile());
    const files = await Promise.all(Array.from({ length: 8 }, () => table.getOriginalFile()));
    expect(files.map(idOf)).toEqual(new Array(8).fill(file));
    await table.close();
  });

  it("the group of a session does not change while a service with a state is open", async () => {
    await using client = await logIn(serverUnderTest());
    const group = await groupOf(client);
    const store = await client.rawFileStore();
    const refusal = await failureOf(client.factory.setSecurityContext(group));
    expect(refusal).toMatchObject({ code: "SECURITY_VIOLATION" });
    expect(refusal.message).toMatch(/has active stateful services: \S+omero\.api\.RawFileStore/);
    await store.close();
    expect(idOf(await client.factory.setSecurityContext(group))).toBe(idOf(group));
  });
}

function isTelling(outcomes: ReadonlySet<string>): boolean {
  return ["refused", "unanswered"].every((outcome) => outcomes.has(outcome));
}

/** What becomes of two reads at once on a store of their own. */
async function twoAtOnce(client: TestClient, id: bigint): Promise<string[]> {
  const store = await openStore(client, id);
  const reads = [0, 1].map((block) => outcomeOf(store.read(block * BLOCK, BLOCK)));
  return Promise.all(reads);
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  if (!(await settles(call, PATIENCE))) return "unanswered";
  const failure = await call.then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (failure === undefined) return "answered";
  return CLASHES.some((clash) => clash.test(failure)) ? "refused" : failure;
}

async function openStore(client: TestClient, id: bigint): Promise<RawFileStore> {
  const store = await client.rawFileStore();
  await store.setFileId(id);
  return store;
}

async function groupOf(client: TestClient) {
  const { groupId } = await client.eventContext();
  return (await (await client.admin()).getGroup(groupId))!;
}
