/** Tells each part of a split table where the others are. */
import type { OmeroConnection } from "../../connect/connection.js";
import { openTable } from "../../gateway/tables/open-table.js";
import { PART_FILES } from "../../gateway/tables/split-layout.js";

/** Sets the metadata by which the parts are found, in all of them. */
export async function notePartFiles(
  connection: OmeroConnection,
  parts: readonly { readonly fileId: number }[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = JSON.stringify(parts.map(({ fileId }) => fileId));
  for (const { fileId } of parts) {
    const table = await openTable(connection, { fileId }, { signal });
    try {
      await table.setMetadata(PART_FILES, files, { signal });
    } finally {
      await table.close();
    }
  }
}
