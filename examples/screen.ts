/**
 * A screen, from pixels to tags: measures every well, uploads the measurements with the wells' names resolved, plots the plate, shows
 * the ten brightest wells in one picture, and tags them. OMERO_HOST, OMERO_PORT, OMERO_USER and OMERO_PASSWORD name a server, on which
 * all of it is removed in the end; without them it is one in this process.
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectToOmero, plotTable, readBatches, tableObjects, uploadTable } from "omero2frame";
import type { Well } from "omero2frame/gateway";
import { startServer } from "omero2frame/server";
import { contactSheet } from "./data/contact-sheet.js";
import { madePlate } from "./data/made-plate.js";

const { OMERO_HOST, OMERO_PORT, OMERO_USER, OMERO_PASSWORD } = process.env;
await using server = OMERO_HOST ? undefined : await startServer({ objects: [] });
await using connection = await connectToOmero({
  server: server?.host ?? OMERO_HOST!,
  port: server?.tlsPort ?? Number(OMERO_PORT ?? 4064),
  username: server ? "user" : OMERO_USER!,
  password: server ? "pass" : OMERO_PASSWORD!,
});
const folder = await mkdtemp(join(tmpdir(), "omero2frame-screen-"));
const plate = await madePlate(connection);

// The mean of the marker in every well.
const names: string[] = [];
const brightness: number[] = [];
for await (const well of plate.listChildren()) {
  const { mean } = await well.getImage()!.pixels.statistics([{ c: 1 }]);
  names.push(well.name);
  brightness.push(mean);
}
const table = { Well: names, Brightness: brightness };
const { fileId } = await uploadTable(table, "Brightness", { connection, parentType: "Plate", parentId: plate.id });

// The table knows each well by its id: from its rows back to the wells.
const values: number[] = [];
for await (const { columns } of readBatches({ connection, fileId, columnNames: ["Brightness"] })) {
  if (columns[0]?.kind === "double") values.push(...columns[0].values);
}
const order = values.map((_, row) => row).sort((one, other) => values[other]! - values[one]!);
const best: Well[] = [];
for await (const { object } of tableObjects("Well", { connection, fileId, rows: order.slice(0, 10) }))
  best.push(object);
console.log(`${values.length} wells; brightest: ${best.map(({ name }) => name).join(" ")}`);

// The plate, by the package's own plot.
const title = "P001: mean of the marker";
await plotTable({
  connection,
  fileId,
  kind: "plate",
  x: "Well",
  y: "Brightness",
  title,
  targetPath: join(folder, "plate.png"),
});

// All by the same settings, so that they can be compared.
const view = {
  z: 0,
  t: 0,
  model: "rgb",
  format: "png",
  channels: [
    { index: 0, color: "#3060FF", window: [100, 3000] },
    { index: 1, color: "#00FF00", window: [100, 5000] },
  ],
} as const;
const tiles = [];
for (const well of best) {
  const image = well.getImage()!;
  const label = `${well.name}: ${values[names.indexOf(well.name)]!.toFixed(0)}`;
  tiles.push({ label, png: await image.render(view), width: image.sizeX!, height: image.sizeY! });
}
const sheet = { title: "The ten brightest wells of P001, with the mean of the marker", across: 5, scale: 2 };
const legend = [
  { color: "#3060FF", text: "DAPI, 100 to 3000" },
  { color: "#00FF00", text: "marker, 100 to 5000" },
];
await writeFile(join(folder, "brightest.png"), await contactSheet(tiles, { ...sheet, legend }));

const tag = await connection.annotate(best, { tag: "brightest" });
console.log(`tagged with tag ${tag.id}; pictures in ${folder}`);

if (!server) {
  await connection.deleteObjects("Annotation", [tag.id]);
  const parents = await plate.parents();
  await connection.deleteObjects(
    "Screen",
    parents.map(({ id }) => id),
  );
}
