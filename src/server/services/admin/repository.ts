/** `omero::grid::Repository` and `ManagedRepository`: files here are found by their ids, and none by a path. */
import type { ProxyRef } from "../../../connect/ice/codec/proxy-ref.js";
import type { Current } from "../../../connect/ice/serve/served-object.js";
import { apiUsage, resourceError } from "../../exceptions.js";
import type { Instance } from "../../model/materialize.js";
import type { StoredObject } from "../../model/object-store.js";
import type { SessionContext } from "../context.js";
import { RawFileStore } from "../raw-file-store.js";

/** What a file is made sure of by, where clients leave the choice. */
const USUAL_CHECKSUM = "SHA1-160";
const TOP = ["", ".", "/"];

export class Repository {
  protected readonly context: SessionContext;
  readonly #description: StoredObject;

  /** @param description the OriginalFile that stands for it. */
  constructor(context: SessionContext, description: StoredObject) {
    this.context = context;
    this.#description = description;
  }

  root(current: Current): Instance {
    return this.context.load(this.context.access(current), this.#description);
  }

  list(path: string): readonly string[] {
    this.#checkTop(path);
    return [];
  }

  listFiles(path: string): readonly Instance[] {
    this.#checkTop(path);
    return [];
  }

  treeList(path: string) {
    this.#checkTop(path);
    return { iceId: "::omero::RMap", val: new Map<string, unknown>() };
  }

  fileExists(path: string): boolean {
    return TOP.includes(path);
  }

  mimetype(path: string): string {
    this.#checkTop(path);
    return "Directory";
  }

  /** @throws IceUserException ValidationException for no such file, or one of others that may not be read. */
  async fileById(id: bigint, current: Current): Promise<ProxyRef> {
    const store = new RawFileStore(this.context);
    await store.setFileId(id, current);
    return this.context.publish("::omero::api::RawFileStore", store, () => store.release());
  }

  file(path: string): never {
    throw noSuchPath(path);
  }

  register(path: string): never {
    throw noSuchPath(path);
  }

  makeDir(path: string): never {
    throw apiUsage(`This server keeps no folders: ${path} cannot be made`);
  }

  deletePaths(paths: readonly string[]): never {
    throw noSuchPath(paths[0] ?? "");
  }

  #checkTop(path: string): void {
    if (!TOP.includes(path)) throw noSuchPath(path);
  }
}

export class ManagedRepository extends Repository {
  importFileset(): never {
    throw apiUsage("This server imports no files: make images by IPixels");
  }

  importPaths(): never {
    return this.importFileset();
  }

  listImports(): readonly ProxyRef[] {
    return [];
  }

  listChecksumAlgorithms(current: Current): readonly Instance[] {
    return this.context.loadAll(this.context.access(current), this.context.world.store.all("ChecksumAlgorithm"));
  }

  /** The usual one if it is among those, else the first of those that there is; null where there is none. */
  suggestChecksumAlgorithm(supported: readonly (Instance | null)[], current: Current): Instance | null {
    const names = supported.map((algorithm) => (algorithm?.value as { val?: string } | null | undefined)?.val);
    const known = this.listChecksumAlgorithms(current);
    const named = (name: string | undefined) => known.find(({ value }) => (value as { val: string }).val === name);
    const wanted = names.includes(USUAL_CHECKSUM) ? USUAL_CHECKSUM : names.find(named);
    return named(wanted) ?? null;
  }

  /** Of files that are in it: of none. */
  verifyChecksums(): BigInt64Array {
    return new BigInt64Array(0);
  }

  setChecksumAlgorithm(): BigInt64Array {
    return new BigInt64Array(0);
  }
}

function noSuchPath(path: string) {
  return resourceError(`Path does not exist: ${path}`);
}
