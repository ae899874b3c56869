/** What frames do with nothing but omero2frame installed: sort, group, join, and go on as Arrow or CSV. */
import { fileURLToPath } from "node:url";
import { connectToOmero, readTable, uploadTable } from "omero2frame";
import { concat, DataFrame } from "omero2frame/frame";
import { startServer } from "omero2frame/server";

await using server = await startServer();
await using connection = await connectToOmero({
  server: server.host,
  port: server.tlsPort,
  username: "user",
  password: "pass",
});
const nuclei = fileURLToPath(new URL("data/nuclei.csv", import.meta.url));
const { fileId } = await uploadTable(nuclei, "Nuclei", { connection, parentId: 1 });

const table = await readTable({ connection, fileId });
console.log(`${table.shape.join(" x ")}`);

// The largest first. Equal rows stay as they come, missing values are last.
const sorted = table.sortValues(["diagnosis", "mean area"], { ascending: [true, false] });
console.log("largest benign:", sorted.head(1).column("mean area").values[0]);

// One row a group, in the order of the keys.
const areas = table.groupby("diagnosis").agg({ "mean area": ["mean", "count"] });
console.log(areas.toCSV({ index: false }));

// Joined by the columns that both have; how is "inner", "left", "right" or "outer".
const names = new DataFrame({ diagnosis: ["malignant", "benign"], name: ["bösartig", "gutartig"] });
const joined = table.merge(areas).merge(names, { on: "diagnosis", how: "left" });
console.log(joined.shape.join(" x "), joined.columns.slice(-3).join(", "));
const above = joined.query(joined.column("mean area").gt(joined.column("mean area_mean")));
console.log(`${above.shape[0]} nuclei are above the mean of their diagnosis`);

// Below each other; statistics as pandas has them; columns in another program's form.
console.log(concat({ dfList: [table, table] }).dropDuplicates().shape[0], "rows are different");
console.log(
  "quartiles of the mean area:",
  table
    .loc({ columns: ["mean area"] })
    .quantile([0.25, 0.75])
    .values.flat(),
);
const arrow = await areas.toArrow();
console.log(`${arrow.numRows} rows of Arrow: ${arrow.schema.names.join(", ")}`);
