/** An OMERO table in polars: `npm install omero2frame nodejs-polars apache-arrow`. */
import { tableToIPC } from "apache-arrow";
import pl from "nodejs-polars";
import { nuclei } from "./nuclei.js";

const arrow = await nuclei();

// The bytes of an Arrow file; int64 stays int64.
const table = pl.readIPC(Buffer.from(tableToIPC(arrow, "file")));
const areas = table
  .groupBy("diagnosis")
  .agg(pl.col("diagnosis").count().alias("rows"), pl.col("mean area").mean().alias("area"))
  .sort("area", true);
console.log(JSON.stringify(areas.toRecords()));
