/** The table that the recipes read: nuclei on a server in this process, as an Arrow table. */
import { fileURLToPath } from "node:url";
import type { Table } from "apache-arrow";
import { connectToOmero, readArrow, uploadTable } from "omero2frame";
import { startServer } from "omero2frame/server";

export async function nuclei(): Promise<Table> {
  await using server = await startServer();
  const login = { server: server.host, port: server.tlsPort, username: "user", password: "pass" };
  await using connection = await connectToOmero(login);
  const csv = fileURLToPath(new URL("../data/nuclei.csv", import.meta.url));
  const { fileId } = await uploadTable(csv, "Nuclei", { connection, parentId: 1 });
  return await readArrow({ connection, fileId });
}
