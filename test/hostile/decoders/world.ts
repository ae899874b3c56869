/** The file in which an embedded server kept its objects before it had a database for them. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MemoryTableStorage } from "../../../src/server/tables/memory-storage.js";
import { objectText } from "../../../src/server/world/disk/object-text.js";
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
    const path = join(directory, "objects.json");
    const decode = async (bytes: Uint8Array) => {
      rmSync(join(directory, "objects"), { recursive: true, force: true });
      writeFileSync(path, bytes);
      await openWorld(directory);
    };
    return [{ bytes: Buffer.from(await olderFile(directory)), decode }];
  },
};

/** What an older server would have saved. */
async function olderFile(directory: string): Promise<string> {
  const { store, file } = await openWorld(directory);
  const lastIds = Object.fromEntries([...store.lastIds].map(([root, id]) => [root, String(id)]));
  const objects = [...store.all("IObject")];
  return objectText({ format: 1, databaseUuid: file.databaseUuid, lastIds, objects });
}

/** As a server does that starts and ends. */
async function openWorld(directory: string): Promise<World> {
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
    return opened;
  } finally {
    await opened.abandon();
  }
}
