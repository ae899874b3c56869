import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { LocalFile } from "../../../src/flow/files/local-file.js";
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

let local: LocalFile;
const bytes = randomBytes(100_000);
beforeEach(async () => {
  const path = join(directory, "content");
  await writeFile(path, bytes);
  local = await LocalFile.open(path);
});
afterEach(() => local.close());

test("blocks go one after the other: one call at a time", async () => {
  const remote = new MadeByWriting();
  const told: number[] = [];
  const onProgress = ({ done }: { done: number }) => void told.push(done);
  const stored = await storeContent(remote as unknown as RemoteFile, local, { chunkSize: 8192, onProgress });
  expect(stored).toEqual({ size: bytes.length, sha1: createHash("sha1").update(bytes).digest("hex") });
  expect(remote.content).toEqual(bytes);
  expect(remote.mostAtOnce).toBe(1);
  expect(told).toEqual([0, ...Array.from({ length: 12 }, (_, block) => 8192 * (block + 1)), bytes.length]);
});

test("a block that cannot be written ends it, with none after it", async () => {
  class Full extends MadeByWriting {
    override async write(position: number, block: Uint8Array): Promise<void> {
      if (position >= 16_384) throw new Error("no space");
      await super.write(position, block);
    }
  }
  const remote = new Full();
  await expect(storeContent(remote as unknown as RemoteFile, local, { chunkSize: 8192 })).rejects.toThrow("no space");
  expect(remote.content).toEqual(bytes.subarray(0, 16_384));
});
