import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTargetFile } from "../../../src/flow/files/target-file.js";

const MODULE = new URL("../../../src/flow/files/target-file.ts", import.meta.url).href;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-through-"));
});
afterEach(() => rm(directory, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

async function write(path: string, text: string, overwrite = false): Promise<void> {
  const target = await openTargetFile(path, { overwrite });
  await target.write(bytes(text));
  await target.commit();
  await target.discard();
}

describe("a target that is no regular file", () => {
  test("is a pipe that is written through and stays", async () => {
    const pipe = join(directory, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reading = readFile(pipe, "utf8");
    const long = "x".repeat(300_000);
    await write(pipe, long);
    expect(await reading).toBe(long);
    expect((await lstat(pipe)).isFIFO()).toBe(true);
    expect(await readdir(directory)).toEqual(["pipe"]);
  });

  test("is a device, which says what is wrong with it", async () => {
    await write("/dev/null", "nothing");
    expect((await lstat("/dev/null")).isCharacterDevice()).toBe(true);
    await expect(write("/dev/full", "x".repeat(10_000))).rejects.toMatchObject({
      code: "CANNOT_WRITE_FILE",
      path: "/dev/full",
      message: expect.stringContaining("ENOSPC"),
    });
  });

  test("is standard output, where it may be slow", async () => {
    const program = `import { openTargetFile } from ${JSON.stringify(MODULE)};
      const target = await openTargetFile("-");
      for (let n = 0; n < 40; n++) await target.write(new Uint8Array(100_000).fill(65 + (n % 26)));
      await target.commit();
      process.stderr.write("done");`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program]);
    let count = 0;
    let errors = "";
    child.stderr.on("data", (text) => (errors += text));
    for await (const chunk of child.stdout) {
      if (count === 0) await new Promise((resolve) => setTimeout(resolve, 100));
      count += chunk.length;
    }
    expect([count, errors]).toEqual([4_000_000, "done"]);
  });

  test("is standard output that nobody reads any more", async () => {
    const program = `import { openTargetFile } from ${JSON.stringify(MODULE)};
      const target = await openTargetFile("-");
      try { for (;;) await target.write(new Uint8Array(100_000)); }
      catch (error) { process.stderr.write(error.code + " " + error.cause.code); }`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program]);
    let errors = "";
    child.stderr.on("data", (text) => (errors += text));
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = await once(child, "close");
    expect([code, errors]).toEqual([0, "CANNOT_WRITE_FILE EPIPE"]);
  });
});

describe("modes", () => {
  test("a file that is replaced keeps its mode", async () => {
    const path = join(directory, "table.csv");
    await writeFile(path, "old");
    for (const mode of [0o600, 0o640, 0o755]) {
      await chmod(path, mode);
      await write(path, "new", true);
      expect(await modeOf(path)).toBe(mode.toString(8));
    }
    expect(await readFile(path, "utf8")).toBe("new");
  });

  test("a part is this user's alone, and a new file has the mode that the mask leaves", async () => {
    const path = join(directory, "table.csv");
    const target = await openTargetFile(path);
    const [part] = await readdir(directory);
    expect(await modeOf(join(directory, part!))).toBe("600");
    await target.commit();
    await target.discard();
    expect(await modeOf(path)).toBe((0o666 & ~process.umask()).toString(8));
  });
});
