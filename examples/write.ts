/** Tables from memory: uploaded, added to, changed, described, removed. */
import {
  appendRows,
  connectToOmero,
  deleteTable,
  getTableMetadata,
  readTable,
  setTableMetadata,
  updateRows,
  uploadTable,
} from "omero2frame";
import { startServer } from "omero2frame/server";

await using server = await startServer();
await using connection = await connectToOmero({
  server: server.host,
  port: server.tlsPort,
  username: "user",
  password: "pass",
});

// An object of columns; `image` becomes a column of Image ids, `label` text as wide as its longest value.
const cells = { image: [1, 1, 2], label: ["nucleus", "cytoplasm", "Zellkern ä"], area: [12.5, 80.25, Number.NaN] };
const { fileId, annotationId } = await uploadTable(cells, "Cells", {
  connection,
  parentId: 1,
  links: [["Dataset", 2]],
  metadata: { version: 3n, author: "ann" },
});
console.log(`annotation ${annotationId}, file ${fileId}`);

await appendRows([{ image: 3, label: "nucleus", area: 14 }], { connection, fileId });
await updateRows({ area: 0 }, { connection, fileId, query: "area != area" });
await setTableMetadata({ reviewed: "yes" }, { connection, fileId });

(await readTable({ connection, fileId })).print();
console.log(await getTableMetadata({ connection, fileId }));
await deleteTable({ connection, fileId });
