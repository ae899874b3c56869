/** Uploads and downloads of one file, with random settings: what comes back is what was sent. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { downloadFile } from "../../src/gateway/files/attached-file.js";
import { openFile } from "../../src/gateway/files/raw-file.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { Seeded } from "./seeded.js";

export interface Transfers {
  /** Uploads, and as many downloads. */
  readonly count: number;
  /** Bytes of a file. */
  readonly size: number;
  readonly seed: number;
  /** Transfers that run side by side, each with stores of its own. */
  readonly atOnce?: number;
}

export async function transferFiles(connection: OmeroConnection, transfers: Transfers): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "transfers-"));
  const random = new Seeded(transfers.seed);
  const { atOnce = 1 } = transfers;
  try {
    for (let done = 0; done < transfers.count; done += atOnce) {
      const numbers = Array.from({ length: Math.min(atOnce, transfers.count - done) }, (_, index) => done + index);
      await Promise.all(
        numbers.map((number) => upAndDown(connection, join(directory, `${number}`), transfers, random)),
      );
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function upAndDown(connection: OmeroConnection, path: string, { size }: Transfers, random: Seeded) {
  const content = randomBytes(size);
  await writeFile(path, content);
  const chunk = () => Math.ceil(size / (1 + random.below(20)));
  const sent = await uploadFile(path, { connection, parentId: 1, chunkSize: chunk() });
  expect(sent.sha1).toBe(sha1(content));
  const { fileId } = sent;
  const targetPath = `${path}.back`;
  expect(await downloadFile({ connection, fileId, targetPath, chunkSize: chunk() })).toBe(size);
  expect(sha1(await readFile(targetPath))).toBe(sent.sha1);
  expect(await readInBlocks(connection, BigInt(fileId), chunk(), 1 + random.below(9))).toBe(sent.sha1);
  await Promise.all([rm(path), rm(targetPath)]);
}

async function readInBlocks(connection: OmeroConnection, fileId: bigint, blockSize: number, inFlight: number) {
  await using file = await openFile(connection, { fileId });
  const sum = createHash("sha1");
  for await (const block of file.blocks({ blockSize, inFlight })) sum.update(block);
  return sum.digest("hex");
}

function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}
