/** Folders of files that engines write, as one source. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { downloadTable, readArrow } from "../../../src/read/index.js";
import { readSource } from "../read-source.js";

const ROWS = 1200;
let folder: string;
let set: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "set-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lines = Array.from({ length: ROWS }, (_, row) => `${row},${row / 8},ä ${row % 7}`);
  writeFileSync(join(folder, "cells.csv"), `object,area,label\n${lines.join("\n")}\n`);
  set = join(folder, "cells");
  await downloadTable({ path: join(folder, "cells.csv"), targetPath: set, partitionRows: 100 });
});

const at = (name: string) => join(set, name);
/** Gives the files other names, by their numbers. */
const rename = (nameOf: (part: number) => string) => {
  for (let part = 0; part < ROWS / 100; part++)
    renameSync(at(`part-${String(part).padStart(5, "0")}.parquet`), at(nameOf(part)));
};
const objects = async (path: string | URL = set) => (await readSource(path)).columns[0];
const IN_ORDER = Array.from({ length: ROWS }, (_, row) => BigInt(row));

describe("a data set", () => {
  it("is one source, with rows in the order of its parts", async () => {
    const source = await readSource(set);
    expect(source.fields).toEqual(["object:Long", "area:Double", "label:String(4)"]);
    expect(source.columns[0]).toEqual(IN_ORDER);
    expect(await objects(pathToFileURL(`${set}/`))).toEqual(IN_ORDER);
    const some = await readArrow({ path: set, query: "object > 1190", columnNames: ["label"] });
    expect(some.toArray().map(({ label }) => label)).toEqual(
      [1191, 1192, 1193, 1194, 1195, 1196, 1197, 1198, 1199].map((row) => `ä ${row % 7}`),
    );
  });

  const names: [string, (part: number) => string][] = [
    [
      "Spark",
      (part) => `part-${String(part * 3).padStart(5, "0")}-b17e1f0c-9d7a-4c1e-8a3e-1234567890ab-c000.snappy.parquet`,
    ],
    [
      "Spark with several files a part",
      (part) =>
        `part-${String(part >> 1).padStart(5, "0")}-b17e1f0c-9d7a-4c1e-8a3e-1234567890ab-c${String(part & 1).padStart(3, "0")}.parquet`,
    ],
    ["Dask", (part) => `part.${part}.parquet`],
    ["DuckDB", (part) => `data_${part}.parquet`],
    ["Ray", (part) => `9e27c1_${String(part).padStart(6, "0")}_000000.parquet`],
  ];
  it.each(names)("is ordered as %s numbers its files", async (_, nameOf) => {
    rename(nameOf);
    expect(await objects()).toEqual(IN_ORDER);
  });

  it("may lack a mark, where no part is missing and nothing is being written", async () => {
    rmSync(at("_SUCCESS"));
    writeFileSync(at(".part-00000.parquet.crc"), "sum");
    writeFileSync(at("_metadata"), "a summary");
    expect(await objects()).toEqual(IN_ORDER);
  });

  it("of Arrow files is one as well", async () => {
    const arrow = join(folder, "arrow");
    mkdirSync(arrow);
    for (const [part, name] of ["part-00000.arrow", "part-00001.arrows"].entries())
      await downloadTable({ path: at(`part-0000${part}.parquet`), targetPath: join(arrow, name) });
    expect(await objects(arrow)).toEqual(IN_ORDER.slice(0, 200));
    truncateSync(join(arrow, "part-00001.arrows"), 1500);
    await expect(objects(arrow)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });
});

describe("a data set is refused", () => {
  const refusals: [string, () => void | Promise<void>, string | RegExp][] = [
    [
      "that is being written",
      () => {
        rmSync(at("_SUCCESS"));
        mkdirSync(at("_temporary"));
      },
      "what writes it has not ended",
    ],
    [
      "of which a part is missing",
      () => {
        rmSync(at("_SUCCESS"));
        rmSync(at("part-00004.parquet"));
      },
      "part 4 is missing",
    ],
    [
      "without its first part",
      () => {
        rmSync(at("_SUCCESS"));
        rmSync(at("part-00000.parquet"));
      },
      "part 0 is missing",
    ],
    [
      "that was written twice",
      () => copyFileSync(at("part-00003.parquet"), at("part-00003-again.parquet")),
      "several files are part 3",
    ],
    ["with folders", () => mkdirSync(at("plate=3")), '"plate=3" is not known'],
    ["with something else", () => writeFileSync(at("notes.txt"), "notes"), '"notes.txt"'],
    [
      "without a file",
      () => {
        for (const name of readdirSync(set)) if (name !== "_SUCCESS") rmSync(at(name));
      },
      "no file of data",
    ],
    [
      "of which a file is damaged",
      () => truncateSync(at("part-00005.parquet"), 300),
      "part-00005.parquet is no whole Parquet file",
    ],
    [
      "whose files have different columns",
      async () => {
        rmSync(at("part-00006.parquet"));
        await downloadTable({
          path: at("part-00005.parquet"),
          targetPath: at("part-00006.parquet"),
          columnNames: ["object", "label"],
        });
      },
      /part-00006.parquet has other columns.*column 2 is "label" of type Utf8, in the first file "area" of type Float64/,
    ],
  ];
  it.each(refusals)("%s", async (_, change, message) => {
    await change();
    await expect(objects()).rejects.toThrow(message);
  });
});
