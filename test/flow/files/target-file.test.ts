import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTargetFile } from "../../../src/flow/files/target-file.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-target-"));
});
afterEach(() => rm(directory, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a target file", () => {
  it("appears whole, under its name, when committed", async () => {
    const path = join(directory, "table.csv");
    const target = await openTargetFile(path);
    await target.write(bytes("one\n"));
    await target.write(bytes("two\n"));
    expect(await readdir(directory)).toEqual([expect.stringMatching(/^\.table\.csv\.[0-9a-f]+\.part$/)]);
    await target.commit();
    await target.discard();
    expect(await readdir(directory)).toEqual(["table.csv"]);
    expect(await readFile(path, "utf8")).toBe("one\ntwo\n");
  });

  it("leaves nothing when discarded", async () => {
    const target = await openTargetFile(join(directory, "table.csv"));
    await target.write(bytes("half"));
    await target.discard();
    await target.discard();
    expect(await readdir(directory)).toEqual([]);
  });

  it("refuses a name that exists, be it a file, directory or dangling link", async () => {
    await writeFile(join(directory, "file"), "mine");
    await mkdir(join(directory, "folder"));
    await symlink(join(directory, "nowhere"), join(directory, "link"));
    for (const name of ["file", "folder", "link"]) {
      const path = join(directory, name);
      await expect(openTargetFile(path)).rejects.toMatchObject({ code: "FILE_EXISTS", path });
    }
    expect((await readdir(directory)).sort()).toEqual(["file", "folder", "link"]);
  });

  it("refuses a file that appeared while it was written", async () => {
    const path = join(directory, "table.csv");
    const target = await openTargetFile(path);
    await target.write(bytes("ours"));
    await writeFile(path, "theirs");
    await expect(target.commit()).rejects.toMatchObject({ code: "FILE_EXISTS" });
    await target.discard();
    expect(await readdir(directory)).toEqual(["table.csv"]);
    expect(await readFile(path, "utf8")).toBe("theirs");
  });

  it("replaces a file only on request and only at the end, through a link too", async () => {
    const path = join(directory, "table.csv");
    const link = join(directory, "link.csv");
    await writeFile(path, "old");
    await symlink(path, link);
    const target = await openTargetFile(link, { overwrite: true });
    await target.write(bytes("new"));
    expect(await readFile(path, "utf8")).toBe("old");
    await target.commit();
    expect(await readFile(path, "utf8")).toBe("new");
    expect((await readdir(directory)).sort()).toEqual(["link.csv", "table.csv"]);
  });

  it("makes a new file with overwrite too", async () => {
    const target = await openTargetFile(join(directory, "new.csv"), { overwrite: true });
    await target.commit();
    expect((await stat(join(directory, "new.csv"))).size).toBe(0);
  });

  it("says why it cannot write", async () => {
    const missing = openTargetFile(join(directory, "no", "table.csv"));
    await expect(missing).rejects.toMatchObject({
      code: "CANNOT_WRITE_FILE",
      message: expect.stringContaining(`the directory ${join(directory, "no")} does not exist`),
    });
    await expect(openTargetFile(directory, { overwrite: true })).rejects.toMatchObject({
      code: "CANNOT_WRITE_FILE",
      message: expect.stringContaining("it is a directory"),
    });
    await expect(openTargetFile("")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});
