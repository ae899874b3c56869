/** The secret token of an array, by which a server knows that who registers it may read it. */
import { TableError } from "../../errors.js";
import { readArrayMetadata, readSchemas } from "./array-files.js";
import { TOKEN_KEY } from "./array-metadata.js";

/** @throws TableError `NOT_FOUND`, `NOT_A_TABLE` also for an array without a token; FileError; DataError `MALFORMED_FILE` */
export async function readSecretToken(array: string): Promise<string> {
  await readSchemas(array);
  const token = (await readArrayMetadata(array)).get(TOKEN_KEY);
  if (typeof token === "string" && token !== "") return token;
  const message = `the TileDB array ${array} holds no secret token; createTileDB and omero2pandas write one`;
  throw new TableError("NOT_A_TABLE", message, { path: array });
}
