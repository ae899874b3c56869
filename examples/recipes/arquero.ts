/** An OMERO table in arquero: `npm install omero2frame arquero apache-arrow`. */
import { tableToIPC } from "apache-arrow";
import { desc, fromArrow, op } from "arquero";
import { nuclei } from "./nuclei.js";

const arrow = await nuclei();

// int64 becomes numbers; with `useBigInt: true` it stays exact beyond 2^53.
const table = fromArrow(tableToIPC(arrow));
const areas = table
  .groupby("diagnosis")
  .rollup({ rows: op.count(), area: op.mean("mean area") })
  .orderby(desc("area"));
console.log(JSON.stringify(areas.objects()));
