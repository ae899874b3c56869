import { InvalidArgumentError } from "commander";
import { withConnection } from "../../../connect/connection-option.js";
import { openTargetFile } from "../../../flow/files/target-file.js";
import type { Image } from "../../../gateway/index.js";
import { connectionOf, type ServerFlags } from "../../options/connection.js";

/** @param text `Image:5`, or the id alone */
export function imageId(text: string): bigint {
  const match = /^(?:image:)?(\d+)$/i.exec(text);
  if (!match) throw new InvalidArgumentError("write an image's id, for example Image:5");
  return BigInt(match[1]!);
}

/** Finds an image in whichever group it is, and lets go of the connection afterwards. */
export async function withImage<T>(
  id: bigint,
  options: ServerFlags,
  signal: AbortSignal,
  use: (image: Image) => Promise<T>,
): Promise<T> {
  await import("../../../gateway/index.js");
  return withConnection({ ...connectionOf(options), signal }, async (connection) =>
    use(await connection.getObject("Image", id, { signal, ...(options.group === undefined ? { group: -1 } : {}) })),
  );
}

/** Writes a file, whole or not at all; `-` is standard output. */
export async function writeTarget(path: string, bytes: Uint8Array, overwrite: boolean): Promise<void> {
  const target = await openTargetFile(path, { overwrite });
  try {
    await target.write(bytes);
    await target.commit();
  } finally {
    await target.discard();
  }
}
