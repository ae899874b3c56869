/**
 * Rendering: a thumbnail, the channels' settings, pictures by other settings. `tsx render-images.ts IMAGE_ID FOLDER`, where OMERO_HOST,
 * OMERO_USER and OMERO_PASSWORD say of which server.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectToOmero } from "omero2frame";

await using connection = await connectToOmero();
const image = await connection.getObject("Image", process.argv[2]!);
const save = (name: string, picture: Uint8Array) => writeFile(join(process.argv[3] ?? ".", name), picture);

await save("thumbnail.jpg", await image.thumbnail({ size: [64, 64] }));

const { channels, model } = await image.savedRendering();
for (const { label, color, active, window } of channels) console.log(label, color, active, window.join(" - "));
console.log("model:", model);

// Each channel by itself, in grey.
const { sizeC, sizeZ } = image.pixels.info;
const plane = { z: Math.floor(sizeZ / 2), t: 0 };
for (let index = 0; index < sizeC; index++) {
  await save(`channel${index + 1}.jpg`, await image.render({ ...plane, model: "greyscale", channels: [{ index }] }));
}

// Three channels, two of them in other colours, the brightest of all sections.
const colours = [{ index: 0, color: "F00" }, { index: 1 }, { index: 2, color: "FFFF00" }];
await save("all_channels.jpg", await image.render({ t: 0, model: "rgb", channels: colours, projection: "intmax" }));

// Two channels, the first with other levels; smaller, and less sharp.
const levels = [{ index: 0, window: [100, 120.2] as const }, { index: 1 }];
await save("two_channels.jpg", await image.render({ ...plane, model: "rgb", channels: levels, quality: 0.5 }));

// From now on the image is shown so.
await image.saveDefaults({ model: "rgb", channels: levels });
