import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, it, onTestFinished } from "vitest";
import { openFileTable } from "../../../../src/formats/open-table.js";

/** A file whose lengths are larger than it is. */
async function written(kind: "file" | "stream", change: (view: DataView) => void): Promise<string> {
  const path = join(tmpdir(), `check-messages-${process.pid}.${kind === "file" ? "arrow" : "arrows"}`);
  const bytes = tableToIPC(tableFromArrays({ a: Float64Array.of(1, 2), b: BigInt64Array.of(1n, 2n) }), kind);
  change(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  await writeFile(path, bytes);
  onTestFinished(async () => (await import("node:fs/promises")).rm(path, { force: true }));
  return path;
}

it.each(["file", "stream"] as const)("an honest %s is read", async (kind) => {
  const path = await written(kind, () => {});
  const table = await openFileTable(path, {});
  expect([table.rowCount, table.fields.map(({ name }) => name)]).toEqual([2, ["a", "b"]]);
  await table.close();
  expect((await readFile(path)).length).toBeGreaterThan(0);
});

it.each<[string, "file" | "stream", (view: DataView) => void]>([
  ["a footer of 2 GiB", "file", (view) => view.setInt32(view.byteLength - 10, 0x7fffffff, true)],
  ["a footer of less than nothing", "file", (view) => view.setInt32(view.byteLength - 10, -1, true)],
  ["a message of 2 GiB", "stream", (view) => view.setInt32(4, 0x7fffffff, true)],
  ["a message of less than nothing", "stream", (view) => view.setInt32(4, -8, true)],
  ["a message that begins outside itself", "stream", (view) => view.setUint32(8, 0x7fffffff, true)],
  ["no end", "file", (view) => view.setUint8(view.byteLength - 1, 0)],
])("%s is refused", async (_, kind, change) => {
  const path = await written(kind, change);
  await expect(openFileTable(path, {})).rejects.toMatchObject({ code: "MALFORMED_FILE", path });
});
