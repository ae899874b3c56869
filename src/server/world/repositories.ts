/** The repositories of a server, which OriginalFiles stand for: of all files, of scripts, and of imports. */
import { randomUUID } from "node:crypto";
import { rstring } from "../../rtypes.js";
import type { StoredObject } from "../model/object-store.js";
import { ROLES } from "./accounts.js";
import type { World } from "./world.js";

export const REPOSITORY_MIMETYPE = "Repository";

export type RepositoryKind = "public" | "script" | "managed";

interface RepositoryDescription {
  readonly kind: RepositoryKind;
  readonly path: string;
  readonly name: string;
  /** Its own uuid where there is none. */
  readonly hash?: string;
}

/** In the order of their ids, from 1 on. */
const REPOSITORIES: readonly RepositoryDescription[] = [
  { kind: "public", path: "/", name: "OMERO" },
  { kind: "script", path: "/OMERO/", name: "scripts", hash: "ScriptRepo" },
  { kind: "managed", path: "/OMERO/", name: "ManagedRepository" },
];

/** Where other files have got their ids already, those are left out. */
export function addRepositories(world: World): void {
  for (const [index, { path, name, hash = randomUUID() }] of REPOSITORIES.entries()) {
    const id = BigInt(index + 1);
    if (world.store.get("OriginalFile", id)) continue;
    const values = {
      path: rstring(path),
      name: rstring(name),
      mimetype: rstring(REPOSITORY_MIMETYPE),
      hash: rstring(hash),
    };
    const made = { owner: ROLES.rootId, group: ROLES.userGroupId, created: 0, updated: 0 };
    world.store.put({ className: "OriginalFile", id, ...made, values });
  }
}

/** By what they are for, those that there are. */
export function storedRepositories(world: World): Map<RepositoryKind, StoredObject> {
  const stored = REPOSITORIES.map(
    ({ kind }, index) => [kind, world.store.get("OriginalFile", BigInt(index + 1))] as const,
  );
  return new Map(stored.flatMap(([kind, object]) => (isRepository(object) ? [[kind, object]] : [])));
}

function isRepository(object: StoredObject | undefined): object is StoredObject {
  return (object?.values.mimetype as { val?: string } | null | undefined)?.val === REPOSITORY_MIMETYPE;
}
