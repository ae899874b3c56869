/**
 * Registers TileDB arrays as tables, as OMERO Plus does for omero2pandas (`omero2pandas/remote.py`): who knows the secret
 * token in an array's metadata may read it, and may make a table of it that annotates what the user may annotate.
 */
import { timingSafeEqual } from "node:crypto";
import { TABLE_MIMETYPE } from "../../columns/table.js";
import { IceUserException } from "../../connect/ice/codec/ice-exception.js";
import { DataError, FileError, TableError } from "../../errors.js";
import { readArrayMetadata } from "../../formats/tiledb/array-files.js";
import { TOKEN_KEY } from "../../formats/tiledb/array-metadata.js";
import { openTileDBTable } from "../../formats/tiledb/index.js";
import { rlong, rstring, rtime } from "../../rtypes.js";
import { sizeOf } from "../tables/array-folders.js";
import { hashOfToken } from "../tables/array-storage.js";
import { saveObjects } from "../world/saving/save.js";
import type { Session } from "../world/sessions.js";
import type { World } from "../world/world.js";
import { HttpRefusal } from "./http-refusal.js";
import { annotationLinks, findWebTargets } from "./targets.js";

const NAME_LIMIT = 255;

export interface RegistrationRequest {
  /** Path of the array. */
  readonly uri: string;
  readonly name: string;
  /** For example `Image:101`. */
  readonly targets: readonly string[];
}

/** @throws HttpRefusal 400 */
export function registrationRequest({ uri, name, targets }: Record<string, unknown>): RegistrationRequest {
  if (typeof uri !== "string" || uri === "") throw new HttpRefusal(400, "uri must be the path of an array");
  if (typeof name !== "string" || name.trim() === "") throw new HttpRefusal(400, "name must be the table's name");
  if (name.length > NAME_LIMIT) throw new HttpRefusal(400, `name is longer than ${NAME_LIMIT} characters`);
  if (!Array.isArray(targets) || targets.some((target) => typeof target !== "string")) {
    throw new HttpRefusal(400, 'targets must be a list of objects such as "Image:101"');
  }
  return { uri, name, targets };
}

/**
 * Makes the OriginalFile, the FileAnnotation and its links: all of them or none.
 * @param token what the client holds to be the array's secret token
 * @throws HttpRefusal 400, 403
 */
export async function registerArray(
  world: World,
  session: Session,
  { uri, name, targets }: RegistrationRequest,
  token: string,
): Promise<{ file_annotation: number; file: number }> {
  const array = await world.arrayFolders.find(uri);
  if (array === undefined) throw new HttpRefusal(400, "uri names no array in the server's folders of arrays");
  try {
    checkToken(await readArrayMetadata(array), token);
    await (await openTileDBTable(array)).close();
  } catch (error) {
    if (!(error instanceof DataError || error instanceof FileError || error instanceof TableError)) throw error;
    throw new HttpRefusal(400, `the array cannot be read: ${error.message.replaceAll(array, uri)}`);
  }
  const size = await sizeOf(array);
  if (session.closed) throw new HttpRefusal(403, "Not logged in");
  return permitted(() => {
    const found = findWebTargets(world, session, targets);
    const access = world.access(session).in(found.group);
    const file = originalFile({ name, path: uri, size: size ?? 0 });
    const annotation = { iceId: "::omero::model::FileAnnotation", loaded: true, file };
    return world.store.transaction(() => {
      const links = annotationLinks(world, found.targets, annotation);
      const [saved] = saveObjects(world, access, [annotation, ...links]);
      const { id } = world.store.get("FileAnnotation", saved!.id)!.values.file as { id: bigint };
      const registered = { path: array, tokenHash: hashOfToken(token) };
      world.store.put({ ...world.store.get("OriginalFile", id)!, array: registered });
      return { file_annotation: Number(saved!.id), file: Number(id) };
    });
  });
}

function checkToken(metadata: ReadonlyMap<string, unknown>, token: string): void {
  const own = metadata.get(TOKEN_KEY);
  if (typeof own !== "string" || own === "" || !metadata.has("__initialized")) {
    throw new HttpRefusal(400, "the array was not finished as a table: it has no secret token or was not initialized");
  }
  if (!timingSafeEqual(Buffer.from(hashOfToken(token)), Buffer.from(hashOfToken(own)))) {
    throw new HttpRefusal(403, "X-SecretToken is not the secret token of the array");
  }
}

/** What the server's own rules refuse, as HTTP has it. */
function permitted<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof IceUserException)) throw error;
    const message = typeof error.members.message === "string" ? error.members.message : "refused";
    throw new HttpRefusal(error.iceId === "::omero::SecurityViolation" ? 403 : 400, message);
  }
}

function originalFile({ name, path, size }: { name: string; path: string; size: number }) {
  const now = rtime(Date.now());
  return {
    iceId: "::omero::model::OriginalFile",
    loaded: true,
    name: rstring(name),
    path: rstring(path),
    size: rlong(size),
    mimetype: rstring(TABLE_MIMETYPE),
    hash: rstring("UNKNOWN"),
    atime: now,
    mtime: now,
    ctime: now,
  };
}
