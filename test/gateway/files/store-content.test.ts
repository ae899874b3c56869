import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LocalFile } from "../../../src/flow/local-file.js";
import type { RemoteFile } from "../../../src/gateway/files/raw-file.js";
import { storeContent } from "../../../src/gateway/files/store-content.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-content-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** A file of a server that makes it when it is first written to, as a program does that opens it anew where it is not there. */
class MadeByWriting {
  content: Buffer | undefined;
  mostAtOnce = 0;
  #atOnce = 0;

  async write(position: number, bytes: Uint8Array): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    const isThere = this.content !== undefined;
    await sleep(5);
    const content = isThere ? this.content! : Buffer.alloc(0);
    this.content = Buffer.concat([content, Buffer.alloc(Math.max(0, position + bytes.length - content.length))]);
    this.content.set(bytes, position);
    this.#atOnce--;
  }

  async save() {
    return { size: this.content?.length, sha1: createHash("sha1").update(this.content!).digest("hex") };
  }

  async close(): Promise<void> {}
}

test("the first block makes the file, alone; then several are in flight", async () => {
  const path = join(directory, "content");
  const bytes = randomBytes(100_000);
  await writeFile(path, bytes);
  const local = await LocalFile.open(path);
  const remote = new MadeByWriting();
  const stored = await storeContent(remote as unknown as RemoteFile, local, { chunkSize: 8192 });
  await local.close();
  expect(stored.size).toBe(bytes.length);
  expect(remote.content).toEqual(bytes);
  expect(remote.mostAtOnce).toBe(3);
});
