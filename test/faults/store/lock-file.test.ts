/** A store whose lock file is removed while a process has it open. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "omero2frame/store";
import { expect, it } from "vitest";

it("is not opened by others, who would know nothing of that process", async () => {
  const folder = await mkdtemp(join(tmpdir(), "store-lock-"));
  const program = `
    import { openStore } from "omero2frame/store";
    const store = await openStore(${JSON.stringify(folder)});
    await store.open("d").set("a", 1);
    console.log("open");
    setInterval(() => store.open("d").get("a"), 100);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    await (await openStore(folder)).close();
    await rm(join(folder, "lock.mdb"));
    for (const readOnly of [false, true]) {
      const opening = openStore(folder, { readOnly });
      await expect(opening).rejects.toMatchObject({ code: "STORE_FAILED", path: folder });
      await expect(opening).rejects.toThrow(`process ${child.pid}`);
    }
    expect(existsSync(join(folder, "lock.mdb"))).toBe(false);
    child.kill();
    await once(child, "close");
    await using store = await openStore(folder);
    expect(await store.open("d").get("a")).toBe(1);
  } finally {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  }
});
