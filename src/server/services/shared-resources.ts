/** `omero::grid::SharedResources`: tables and repositories. */

import { TABLE_MIMETYPE } from "../../columns/table.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { OmeroError } from "../../errors.js";
import { rint, rlong, rstring, rtime } from "../../rtypes.js";
import { apiUsage, internal } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { StoredObject } from "../model/object-store.js";
import type { TableHandle } from "../tables/open-tables.js";
import type { Access } from "../world/access.js";
import { type RepositoryKind, storedRepositories } from "../world/repositories.js";
import { checkRoom } from "../world/saving/save.js";
import { ManagedRepository, Repository } from "./admin/repository.js";
import type { SessionContext } from "./context.js";
import { TableServant } from "./table-servant.js";

const TABLE_SLICE_ID = "::omero::grid::Table";

export class SharedResources {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  areTablesEnabled(): boolean {
    return true;
  }

  repositories(current: Current): { descriptions: Instance[]; proxies: (ProxyRef | null)[] } {
    const access = this.#context.access(current);
    const known = storedRepositories(this.#context.world);
    return {
      descriptions: this.#context.loadAll(access, known.values()),
      proxies: Array.from(known, ([kind, description]) => this.#repository(kind, description)),
    };
  }

  getScriptRepository(): ProxyRef | null {
    const description = storedRepositories(this.#context.world).get("script");
    return description ? this.#repository("script", description) : null;
  }

  #repository(kind: RepositoryKind, description: StoredObject): ProxyRef {
    const isManaged = kind === "managed";
    const Servant = isManaged ? ManagedRepository : Repository;
    const sliceId = isManaged ? "::omero::grid::ManagedRepository" : "::omero::grid::Repository";
    return this.#context.offer(`repository-${kind}`, sliceId, new Servant(this.#context, description));
  }

  /** A new table and its OriginalFile; the table is to be initialized next. */
  async newTable(_repositoryId: bigint, path: string, current: Current): Promise<ProxyRef> {
    if (path === "") throw apiUsage("A table needs a name");
    const access = this.#context.access(current);
    const { world } = this.#context;
    const file = world.store.transaction(() => {
      const made = this.#createFile(path, access);
      checkRoom(world, access.user.id);
      return made;
    });
    // Nobody is to hold a table whose file there is no room for.
    await world.file.save();
    try {
      return await this.#open(file, access);
    } catch (error) {
      world.store.delete("OriginalFile", file.id);
      throw error;
    }
  }

  /** The table of a file; one that was never initialized can be initialized then. */
  async openTable(file: Instance | null, current: Current): Promise<ProxyRef> {
    const id = (file?.id as { val: bigint } | null | undefined)?.val;
    if (id === undefined) throw apiUsage("A file with an id is needed");
    const access = this.#context.access(current);
    return this.#open(this.#context.world.get(access, "OriginalFile", id), access);
  }

  acquireProcessor(): never {
    throw apiUsage("This server runs no scripts");
  }

  #createFile(path: string, access: Access): StoredObject {
    const { store } = this.#context.world;
    const now = Date.now();
    const file: StoredObject = {
      className: "OriginalFile",
      id: store.nextId("OriginalFile"),
      owner: access.user.id,
      group: access.writableGroup,
      created: now,
      updated: now,
      values: {
        version: rint(0),
        name: rstring(path),
        path: rstring(path),
        atime: rtime(now),
        mtime: rtime(now),
        ctime: rtime(now),
        mimetype: rstring(TABLE_MIMETYPE),
        size: rlong(0),
        hash: null,
        hasher: null,
      },
    };
    store.put(file);
    return file;
  }

  async #open(file: StoredObject, access: Access): Promise<ProxyRef> {
    const handle = await this.#handle(file.id);
    const canWrite = access.rights(file).edit && handle.table?.isReadOnly !== true;
    const servant = new TableServant(this.#context, handle, file.id, canWrite);
    try {
      return this.#context.publish(TABLE_SLICE_ID, servant, () => servant.release());
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #handle(fileId: bigint): Promise<TableHandle> {
    try {
      return await this.#context.world.tables.open(fileId);
    } catch (error) {
      if (!(error instanceof OmeroError && error.code === "MALFORMED_FILE")) throw error;
      throw internal("null table as argument");
    }
  }
}
