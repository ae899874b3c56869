/** Reads a store while it is written: `reader.mjs STORE`. Prints how many images it saw, how many were not whole, and failures. */
import { setTimeout as pause } from "node:timers/promises";
import { openStore } from "omero2frame/store";
import { isWhole } from "./numbered-image.mjs";

const store = await openStore(process.argv[2]);
const images = store.open("images");
let stopped = false;
process.once("SIGTERM", () => {
  stopped = true;
});
let seen = 0;
let broken = 0;
let last = 0;
let shrunk = 0;
const failures = [];
while (!stopped) {
  const count = images.imageCount;
  if (count < last) shrunk++;
  last = count;
  for (const n of [count - 1, Math.floor(Math.random() * count)]) {
    if (count === 0) continue;
    seen++;
    try {
      const image = await images.getImage(n);
      if (image === undefined || !isWhole(image)) broken++;
    } catch (error) {
      failures.push(`image ${n}: ${error.message}`);
    }
  }
  await pause(1);
}
console.log(JSON.stringify({ seen, broken, shrunk, failures }));
await store.close();
