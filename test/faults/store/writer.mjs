/** Writes value by value, with pauses, until SIGTERM: `writer.mjs STORE`. Prints how many were written, how many are missing, and how often there were fewer. */
import { setTimeout as pause } from "node:timers/promises";
import { openStore } from "omero2frame/store";

const store = await openStore(process.argv[2]);
const values = store.open("values");
let stopped = false;
process.once("SIGTERM", () => {
  stopped = true;
});
let written = 0;
let shrunk = 0;
for (let size = 0; !stopped; written++) {
  await values.set(written, written);
  if (values.size < size) shrunk++;
  size = values.size;
  await pause(2);
}
let missing = 0;
for (let key = 0; key < written; key++) if ((await values.get(key)) !== key) missing++;
console.log(JSON.stringify({ written, missing, shrunk }));
await store.close();
