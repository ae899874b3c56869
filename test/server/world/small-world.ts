/** A world of two groups without a server around it, for tests. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rstring } from "../../../src/rtypes.js";
import type { Instance } from "../../../src/server/model/materialize.js";
import type { ObjectReference, StoredObject } from "../../../src/server/model/object-store.js";
import type { GroupOptions, ObjectOptions, UserOptions } from "../../../src/server/options.js";
import { MemoryTableStorage } from "../../../src/server/tables/memory-storage.js";
import type { Access } from "../../../src/server/world/access.js";
import { seed } from "../../../src/server/world/seed.js";
import { World } from "../../../src/server/world/world.js";

export const GROUPS: readonly GroupOptions[] = [
  { name: "private", id: 10, permissions: "rw----" },
  { name: "read-only", id: 11, permissions: "rwr---" },
  { name: "read-annotate", id: 12, permissions: "rwra--" },
  { name: "read-write", id: 13, permissions: "rwrw--" },
];

const ALL = ["private", "read-only", "read-annotate", "read-write"];

/** Ann and Bob are in all groups, Lea leads them, Out is in none of them. */
export const USERS: readonly UserOptions[] = [
  { name: "ann", password: "a", groups: ALL },
  { name: "bob", password: "b", groups: ALL },
  { name: "lea", password: "l", groups: ALL.map((name) => ({ name, leader: true })) },
  { name: "out", password: "o", groups: ["outside"] },
  { name: "root", password: "r" },
];

export interface SmallWorld extends AsyncDisposable {
  readonly world: World;
  readonly directory: string;
  /** What a user may do in a group, by name; in all groups without one. */
  access(user: string, group?: string): Access;
}

export async function smallWorld(objects: readonly ObjectOptions[] = [], directory?: string): Promise<SmallWorld> {
  const path = directory ?? (await mkdtemp(join(tmpdir(), "omero2frame-world-")));
  const world = await World.load({
    directory: path,
    storage: () => new MemoryTableStorage(),
    idleTimeout: 60_000,
    maximumSessions: 100,
    optimisticLocks: true,
  });
  seed(world, { users: USERS, groups: GROUPS, objects });
  return {
    world,
    directory: path,
    access(user, group) {
      const session = world.sessions.create({ user: world.accounts.userNamed(user)! });
      const id = group === undefined ? -1n : world.accounts.groupNamed(group)!.id;
      return world.access(session, new Map([["omero.group", String(id)]]));
    },
    async [Symbol.asyncDispose]() {
      await world.close();
      await world.file.abandon();
      if (directory === undefined) await rm(path, { recursive: true, force: true });
    },
  };
}

/** A new object as a client sends it. */
export function instance(className: string, members: Record<string, unknown> = {}): Instance {
  return { iceId: `::omero::model::${className}`, id: null, loaded: true, details: null, ...members };
}

export function unloadedInstance(className: string, id: bigint): Instance {
  return { iceId: `::omero::model::${className}`, id: { iceId: "::omero::RLong", val: id }, loaded: false };
}

export function named(className: string, name: string): Instance {
  return instance(className, { name: rstring(name) });
}

export function stored(world: World, { className, id }: ObjectReference): StoredObject {
  const object = world.store.get(className, id);
  if (!object) throw new Error(`no ${className} ${id}`);
  return object;
}
