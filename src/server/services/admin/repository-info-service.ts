/** `omero::api::IRepositoryInfo`: room on the disk of the server. */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { resourceError } from "../../exceptions.js";
import type { SessionContext } from "../context.js";

const FULL = 0.95;

export class RepositoryInfoService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async getFreeSpaceInKilobytes(): Promise<bigint> {
    const { bavail, bsize } = await this.#room();
    return kilobytes(bavail * bsize);
  }

  async getUsedSpaceInKilobytes(): Promise<bigint> {
    const { blocks, bfree, bsize } = await this.#room();
    return kilobytes((blocks - bfree) * bsize);
  }

  async getUsageFraction(): Promise<number> {
    const { blocks, bavail } = await this.#room();
    return 1 - bavail / blocks;
  }

  /** @throws IceUserException ResourceError where the disk is nearly full. */
  async sanityCheckRepository(): Promise<void> {
    if ((await this.getUsageFraction()) > FULL) throw resourceError("Repository contains insufficient space");
  }

  /** Files go with their objects. */
  removeUnusedFiles(): void {}

  #room() {
    return statfs(dirname(this.#context.world.files.path(0n)));
  }
}

function kilobytes(bytes: number): bigint {
  return BigInt(Math.floor(bytes / 1024));
}
