import type { OmeroConnection } from "../../connect/connection.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { OriginalFile } from "../../connect/ice/schema/omero.js";
import { ifPossible } from "../../flow/failures.js";
import { rstring } from "../../rtypes.js";
import { fileContext, type OriginalFileInfo } from "../files/original-file.js";

/**
 * Has the server note a SHA-1 whenever the table is closed after writing: it notes none of a table that has no hasher, as
 * the table service makes them. Works from the next such closing on, and needs the right to change the file. Never
 * throws: a table without a checksum is read all the same.
 */
export async function requestChecksum(connection: OmeroConnection, file: OriginalFileInfo): Promise<void> {
  // The write that this goes with tells whether the connection is lost.
  await ifPossible(setHasher(connection, file));
}

async function setHasher(connection: OmeroConnection, file: OriginalFileInfo): Promise<void> {
  const call = { context: fileContext(file) };
  const found = (await connection.getQueryService().get("OriginalFile", file.id, call)) as OriginalFile;
  if (found.hasher) return;
  const hasher = createInstance("::omero::model::ChecksumAlgorithm", { value: rstring("SHA1-160"), loaded: true });
  const changed: OriginalFile = { ...found, hasher };
  await connection.getUpdateService().saveObject(changed, call);
}
