/** `omero::api::IShare`: shares, of which this server has none. */
import { apiUsage, validation } from "../../exceptions.js";
import type { Instance } from "../../model/materialize.js";

const NONE = "This server has no shares";

export class ShareService {
  getOwnShares(): Instance[] {
    return [];
  }

  getMemberShares(): Instance[] {
    return [];
  }

  getSharesOwnedBy(): Instance[] {
    return [];
  }

  getMemberSharesFor(): Instance[] {
    return [];
  }

  getShare(): null {
    return null;
  }

  getMemberCount(ids: BigInt64Array): Map<bigint, bigint> {
    return new Map(Array.from(ids, (id) => [id, 0n]));
  }

  getCommentCount(ids: BigInt64Array): Map<bigint, bigint> {
    return new Map(Array.from(ids, (id) => [id, 0n]));
  }

  activate(id: bigint): never {
    throw validation(`No share with id ${id}: ${NONE}`);
  }

  deactivate(): void {}

  createShare(): never {
    throw apiUsage(NONE);
  }
}
