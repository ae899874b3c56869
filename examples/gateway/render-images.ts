/** Rendering: a thumbnail, the channels' settings, pictures by other settings. `tsx render-images.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import { digest } from "./digest.js";
import { tell } from "./tell.js";

await using connection = await connectToOmero();
const image = await connection.getObject("Image", process.argv[2]!);
tell("000.09a getThumbnail", digest(await image.thumbnail({ size: [64, 64] })));
const { channels, model } = await image.savedRendering();
const told = channels.map(({ label, color, active, window }) => [label, color.slice(1), active, ...window]);
tell("000.09b channel settings", [told, model === "greyscale"]);
// Each channel by itself, in grey.
const plane = { z: Math.floor(image.sizeZ! / 2), t: 0 };
const pictures: unknown[] = [];
for (const { index } of channels)
  pictures.push(digest(await image.render({ ...plane, model: "greyscale", channels: [{ index }] })));
tell("000.09c greyscale channels", pictures);
// Three channels, two of them in other colours, the brightest of all sections.
const colours = [{ index: 0, color: "F00" }, { index: 1 }, { index: 2, color: "FFFF00" }];
const brightest = await image.render({ t: 0, model: "rgb", channels: colours, projection: "intmax" });
tell("000.09d colours + intmax projection", digest(brightest));
// Two channels, the first with other levels; less sharp.
const levels = [{ index: 0, window: [100, 120.2] as const }, { index: 1 }];
const two = await image.render({ ...plane, model: "rgb", channels: levels, quality: 0.5 });
tell("000.09e levels + compression", digest(two));
// From now on the image is shown so.
await image.saveDefaults({ model: "rgb", channels: levels });
const saved = await image.channels();
tell(
  "000.09f saveDefaults",
  saved.map(({ active, window }) => [active, ...window]),
);
await image.resetDefaults();
