/** The file in which an embedded server keeps its objects. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MemoryTableStorage } from "../../../src/server/tables/memory-storage.js";
import { seed } from "../../../src/server/world/seed.js";
import { World } from "../../../src/server/world/world.js";
import { GROUPS, USERS } from "../../server/world/small-world.js";
import type { Decoder } from "../decoder.js";
import { scratchPath } from "../scratch.js";

const OBJECTS = [1, 2].map((id) => ({ type: "Image", id, group: "read-only" }));

export const world: Decoder = {
  name: "a server's objects",
  share: 1,
  memory: { perByte: 256, free: 64 << 20 },
  async seeds() {
    const directory = scratchPath("world");
    mkdirSync(directory, { recursive: true });
    await openWorld(directory);
    const path = join(directory, "objects.json");
    const decode = async (bytes: Uint8Array) => {
      writeFileSync(path, bytes);
      await openWorld(directory);
    };
    return [{ bytes: Uint8Array.from(readFileSync(path)), decode }];
  },
};

/** As a server does that starts and ends. */
async function openWorld(directory: string): Promise<void> {
  const opened = await World.load({
    directory,
    storage: () => new MemoryTableStorage(),
    idleTimeout: 60_000,
    maximumSessions: 100,
    optimisticLocks: true,
  });
  try {
    seed(opened, { users: USERS, groups: GROUPS, objects: OBJECTS });
    await opened.file.save();
  } finally {
    await opened.abandon();
  }
}
