/** Files for bulk jobs, each of its own content, and what becomes of them on a server. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { readBatches } from "../../../src/read/index.js";
import { collect } from "../../faults/lab.js";
import type { PlainContents } from "../../support/server-process.js";

const ROWS = 300;
/** Images that tables are attached to, by their ids. */
const IMAGES = 10;

export const images = Array.from({ length: IMAGES }, (_, index) => ({ type: "Image" as const, id: index + 1 }));

function nameOf(number: number): string {
  return `Zählung ${number}`;
}

/** Writes `count` files and their map into `folder`; gives the map's path. */
export function writePlates(folder: string, count: number): string {
  mkdirSync(join(folder, "plates"), { recursive: true });
  const lines = ["file,target,name"];
  for (let number = 0; number < count; number++) {
    const file = `plates/pl é ${number}.csv`;
    const rows = cellsOf(number)[0]!.map((_, row) =>
      cellsOf(number)
        .map((column) => column[row])
        .join(","),
    );
    writeFileSync(join(folder, file), `number,area,name\n${rows.join("\n")}\n`);
    lines.push(`${file},Image:${(number % IMAGES) + 1},${nameOf(number)}`);
  }
  const map = join(folder, "map.csv");
  writeFileSync(map, `${lines.join("\n")}\n`);
  return map;
}

function cellsOf(number: number): (number | string)[][] {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  return [
    rows.map((row) => number * ROWS + row),
    rows.map((row) => (number + row) / 8 + 0.0625),
    rows.map((row) => `ä ${number} ${row}`),
  ];
}

/** Each table is there once, attached to its image and equal to its file, and there is no other file. */
export async function expectPlates(connection: OmeroConnection, contents: PlainContents, count: number): Promise<void> {
  const names = contents.files.map(({ name }) => name as string).sort();
  expect(names).toEqual(Array.from({ length: count }, (_, number) => nameOf(number)).sort());
  const linked = new Map(contents.links.map(({ parent, child }) => [child.id, parent.id]));
  expect(contents.annotations.length).toBe(count);
  expect(contents.links.length).toBe(count);
  for (const { id, fileId } of contents.annotations) {
    const { name } = contents.files.find((file) => file.id === fileId)!;
    const number = Number(name.slice(name.lastIndexOf(" ")));
    expect(linked.get(id), name).toBe((number % IMAGES) + 1);
    const { cells } = await collect(readBatches({ connection, fileId }));
    const plain = cells.map((column) => column.map((cell) => (typeof cell === "bigint" ? Number(cell) : cell)));
    expect(plain, name).toEqual(cellsOf(number));
  }
}
