/** `kill -9` of the server while it writes pixels. */
import { existsSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IPixels, RawPixelsStore } from "../../src/connect/ice/schema/omero.js";
import { rlong } from "../../src/rtypes.js";
import { USER } from "../connect/embedded.js";
import { TestClient } from "../server/client.js";
import { ServerProcess } from "../support/server-process.js";

const WIDTH = 4096;
const HEIGHT = 2048;
const PLANE_SIZE = WIDTH * HEIGHT * 2;
/** Kills tried at most until one comes in the midst of a write. */
const TRIES = 8;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pixels-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A plane whose every byte tells which it is. */
function planeOf(seed: number): Uint8Array {
  return Uint8Array.from({ length: PLANE_SIZE }, (_, index) => 1 + ((index * 7 + (index >> 12) + seed * 31) % 250));
}

async function logIn(server: ServerProcess): Promise<TestClient> {
  const ports = { host: "127.0.0.1", port: server.port, tlsPort: server.tlsPort };
  return TestClient.logIn(ports, { user: USER.username, password: USER.password });
}

/** Pixels of two planes, uint16. */
async function newPixels(client: TestClient): Promise<bigint> {
  const pixels: IPixels = client.ice.service((await client.factory.getPixelsService())!, "::omero::api::IPixels");
  const type = { iceId: "::omero::model::PixelsType", id: rlong(6), loaded: false } as never;
  const image = (await pixels.createImage(WIDTH, HEIGHT, 2, 1, [0], type, "image", ""))!;
  const query = await client.query();
  const [row] = await query.projection(`select p.id from Pixels p where p.image.id = ${image.val}`, null);
  return (row![0] as unknown as { val: bigint }).val;
}

async function storeOf(client: TestClient, id: bigint): Promise<RawPixelsStore> {
  const proxy = (await client.factory.createRawPixelsStore())!;
  const store: RawPixelsStore = client.ice.service(proxy, "::omero::api::RawPixelsStore");
  await store.setPixelsId(id, true);
  return store;
}

/** Kills the server as soon as it has begun to write. True if it had not ended that by then. */
async function killInTheMidst(server: ServerProcess, notesPath: string, writing: Promise<void>): Promise<boolean> {
  let hasEnded = false;
  void writing.then(() => {
    hasEnded = true;
  });
  const notes = openSync(notesPath, "r");
  const kind = Buffer.alloc(8);
  const isWriting = () => readSync(notes, kind, 0, 8, 0) === 8 && kind.readBigUInt64LE(0) !== 0n;
  while (!isWriting() && !hasEnded) await nextTurn();
  await server.kill();
  return isWriting();
}

/** Which of these it is; undefined for none. */
function nameOf(bytes: Uint8Array, planes: Readonly<Record<string, Uint8Array>>): string | undefined {
  return Object.keys(planes).find((name) => Buffer.compare(bytes, planes[name]!) === 0);
}

describe("a server killed while it writes a plane", () => {
  test.each(["where nothing was", "over another one"])(
    "%s shows no half of it, and leaves all others",
    async (where) => {
      const isAgain = where === "over another one";
      const [other, old, fresh] = [planeOf(1), planeOf(2), planeOf(3)];
      const known = { nothing: new Uint8Array(PLANE_SIZE), old, fresh };
      let server = await ServerProcess.start({ directory }, { built: true });
      let client = await logIn(server);
      const neighbour = await newPixels(client);
      const first = await storeOf(client, neighbour);
      await first.setPlane(other, 1, 0, 0);
      await first.close();
      let hits = 0;
      for (let tries = 0; tries < TRIES && hits === 0; tries++) {
        const id = await newPixels(client);
        const store = await storeOf(client, id);
        await store.setPlane(old, 0, 0, 0);
        const writing = store.setPlane(fresh, isAgain ? 0 : 1, 0, 0).catch(() => {});
        if (await killInTheMidst(server, join(directory, "pixels", `${id}.writing`), writing)) hits++;
        await writing;
        await client[Symbol.asyncDispose]().catch(() => {});
        server = await ServerProcess.start({ directory }, { built: true });
        client = await logIn(server);
        const after = await storeOf(client, id);
        const [written, unwritten] = [await after.getPlane(0, 0, 0), await after.getPlane(1, 0, 0)];
        expect(["old", "fresh"]).toContain(nameOf(written, known));
        expect(["nothing", "fresh"]).toContain(nameOf(unwritten, known));
        if (!isAgain) expect(nameOf(written, known)).toBe("old");
        await expect(after.setPlane(old, 1, 0, 0)).rejects.toThrow("Write-method not permitted.");
        expect(Buffer.compare(await (await storeOf(client, neighbour)).getPlane(1, 0, 0), other)).toBe(0);
        expect(existsSync(join(directory, "pixels", `${id}.writing`))).toBe(false);
      }
      expect(hits).toBeGreaterThan(0);
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  );
});
