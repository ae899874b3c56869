import { createHash } from "node:crypto";

/** Size and checksum of a picture. */
export function digest(picture: Uint8Array): [size: number, sha1: string] {
  return [picture.length, createHash("sha1").update(picture).digest("hex")];
}
