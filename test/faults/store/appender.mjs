/**
 * Appends numbered images of 4 KiB to a store until there are enough, in a process of its own, which is killed now and then:
 * `appender.mjs STORE WORKER COUNT LOG`. What was acknowledged is in the log: the image's number in the store, and this worker's.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { openStore } from "omero2frame/store";
import { imageOf } from "./numbered-image.mjs";

const [folder, worker, count, log] = process.argv.slice(2);
const IN_FLIGHT = 64;
const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
// A line cut by a kill was acknowledged, but not noted: what it was about is written again.
const noted = lines.slice(0, -1);
let next = noted.length;

const store = await openStore(folder);
const images = store.open("images");
if (lines.at(-1) !== "" && lines.length > 0) appendFileSync(log, " cut\n");
const lanes = Array.from({ length: IN_FLIGHT }, async () => {
  while (next < Number(count)) {
    const serial = next++;
    const n = await images.setImage(-1, imageOf(Number(worker), serial));
    appendFileSync(log, `${n} ${serial}\n`);
  }
});
await Promise.all(lanes);
await store.close();
