/** Files of colour tables in the script repository, from which clients learn what tables there are. */
import { rlong, rstring } from "../../rtypes.js";
import { ROLES } from "../world/accounts.js";
import { storedRepositories } from "../world/repositories.js";
import type { World } from "../world/world.js";
import { lookupTableBytes, standardTables } from "./pictures/standard-tables.js";

const LOOKUP_TABLE_MIMETYPE = "text/x-lut";

/** Offers the standard tables, and adds the files of those that are not there yet. */
export async function addStandardTables(world: World): Promise<void> {
  const tables = standardTables();
  world.lookupTables.offer(tables);
  for (const [name, table] of tables) {
    if (hasTable(world, name)) continue;
    const bytes = lookupTableBytes(table);
    const id = world.store.nextId("OriginalFile");
    await world.files.write(id, 0, bytes);
    const values = {
      name: rstring(name),
      path: rstring("/luts/"),
      mimetype: rstring(LOOKUP_TABLE_MIMETYPE),
      size: rlong(bytes.length),
      repo: storedRepositories(world).get("script")?.values.hash ?? null,
    };
    const made = { owner: ROLES.rootId, group: ROLES.userGroupId, created: 0, updated: 0 };
    world.store.put({ className: "OriginalFile", id, ...made, values });
  }
}

function hasTable(world: World, name: string): boolean {
  const text = (value: unknown) => (value as { val?: string } | null | undefined)?.val;
  return [...world.store.all("OriginalFile")].some(
    ({ owner, values }) =>
      owner === ROLES.rootId && text(values.name) === name && text(values.mimetype) === LOOKUP_TABLE_MIMETYPE,
  );
}
