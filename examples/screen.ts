/**
 * A screen, from pixels to tags: measures every well, uploads the measurements with the wells' names resolved, plots the plate, shows
 * the ten brightest wells in one picture, and tags them.
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode as encodePng } from "fast-png";
import { connectToOmero, readBatches, tableObjects, uploadTable } from "omero2frame";
import type { RgbaPicture, Well } from "omero2frame/gateway";
import { startServer } from "omero2frame/server";
import { madePlate } from "./data/made-plate.js";

await using server = await startServer({ objects: [] });
await using connection = await connectToOmero({
  server: server.host,
  port: server.tlsPort,
  username: "user",
  password: "pass",
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

// The plate, a circle a well, as dark as its marker is bright.
await writeFile(join(folder, "plate.svg"), plateDrawing(names, values));

// All by the same settings, so that they can be compared.
const view = {
  z: 0,
  t: 0,
  model: "rgb",
  channels: [
    { index: 0, color: "#3060FF", window: [100, 3000] },
    { index: 1, color: "#00FF00", window: [100, 5000] },
  ],
  format: "rgba",
} as const;
const pictures = await Promise.all(best.map((well) => well.getImage()!.render(view)));
await writeFile(join(folder, "brightest.png"), encodePng({ ...sideBySide(pictures, 5), channels: 4, depth: 8 }));

const tag = await connection.annotate(best, { tag: "brightest" });
console.log(`tagged with tag ${tag.id}; pictures in ${folder}`);

/** @param names `A1` and so on */
function plateDrawing(names: readonly string[], values: readonly number[]): string {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const circles = names.map((name, index) => {
    const [row, column] = [name.charCodeAt(0) - 65, Number(name.slice(1)) - 1];
    const share = (values[index]! - least) / (greatest - least);
    const place = `cx="${60 + 40 * column}" cy="${60 + 40 * row}" r="17"`;
    return `<circle ${place} fill="hsl(${250 - 190 * share} 80% ${28 + 34 * share}%)"><title>${name}: ${values[index]!.toFixed(0)}</title></circle>`;
  });
  const text = (x: number, y: number, label: string) => `<text x="${x}" y="${y}" text-anchor="middle">${label}</text>`;
  const rows = Array.from("ABCDEFGH", (letter, row) => text(22, 65 + 40 * row, letter));
  const columns = Array.from({ length: 12 }, (_, column) => text(60 + 40 * column, 26, String(column + 1)));
  const scale = text(300, 392, `mean of the marker: ${least.toFixed(0)} (blue) to ${greatest.toFixed(0)} (yellow)`);
  const parts = [...rows, ...columns, ...circles, scale].join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="540" height="405" font-family="sans-serif" font-size="14">\n<rect width="540" height="405" fill="white"/>\n${parts}\n</svg>\n`;
}

/** Pictures of one size in rows, with a narrow gap. */
function sideBySide(pictures: readonly RgbaPicture[], across: number): RgbaPicture {
  const gap = 4;
  const { width: side, height: depth } = pictures[0]!;
  const width = across * (side + gap) - gap;
  const height = Math.ceil(pictures.length / across) * (depth + gap) - gap;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [index, picture] of pictures.entries()) {
    const left = (index % across) * (side + gap);
    const top = Math.floor(index / across) * (depth + gap);
    for (let row = 0; row < depth; row++) {
      const line = picture.data.subarray(row * side * 4, (row + 1) * side * 4);
      data.set(line, ((top + row) * width + left) * 4);
    }
  }
  return { data, width, height };
}
