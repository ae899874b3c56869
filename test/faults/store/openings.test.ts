/** A store is opened while others write to it, by a process that is stopped now and then: at some time just while it opens. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openStore } from "omero2frame/store";
import { expect, it } from "vitest";

const STOPS = 150;

it("forgets nothing of what was written meanwhile", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "store-openings-"));
  await (await openStore(folder)).close();
  const writer = start("writer", folder);
  const opener = start("opened-again", folder);
  try {
    const told = text(writer.stdout!);
    await pause(1_000);
    for (let stop = 0; stop < STOPS; stop++) {
      opener.kill("SIGSTOP");
      await pause(10);
      opener.kill("SIGCONT");
      await pause(1 + Math.random() * 3);
    }
    await kill(opener);
    writer.kill("SIGTERM");
    const [code, signal] = await once(writer, "close");
    expect([code, signal]).toEqual([0, null]);
    const { written, ...faults } = JSON.parse(await told);
    expect(faults).toEqual({ missing: 0, shrunk: 0 });
    expect(written).toBeGreaterThan(STOPS / 10); // few where the disk is busy
    await (await openStore(folder)).close();
    expect(await readdir(join(folder, "processes"))).toEqual([]);
  } finally {
    await Promise.all([kill(opener), kill(writer)]);
    await rm(folder, { recursive: true, force: true });
  }
});

function start(name: string, folder: string): ChildProcess {
  const program = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  return spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
