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

describe("folders named by values", () => {
  const NONE = "__HIVE_DEFAULT_PARTITION__";
  /** Puts a file of the data set into each of the folders, in turn. */
  const into = (...folders: string[]) => {
    const parts = join(folder, "parts");
    renameSync(set, parts);
    for (const [part, name] of folders.entries()) {
      mkdirSync(at(name), { recursive: true });
      renameSync(join(parts, `part-0000${part}.parquet`), at(`${name}/part-0000${part}.parquet`));
    }
  };

  const types: [string, string[], unknown[]][] = [
    ["whole numbers", ["n=10", "n=-2", "n=9007199754740993"], ["n:Long", -2n, 10n, 9007199754740993n]],
    ["ids", ["plate=7", "plate=3"], ["plate:Plate", 3n, 7n]],
    ["numbers", ["x=10", "x=1.5e2", "x=-0.25"], ["x:Double", -0.25, 10, 150]],
    ["numbers of which some are missing", [`n=${NONE}`, "n=10", "n=9"], ["n:Double", 9, 10, Number.NaN]],
    ["numbers too large for int64", ["n=9223372036854775808", "n=5"], ["n:String(19)", "5", "9223372036854775808"]],
    ["numbers that would be rounded", ["n=9007199754740993", "n=0.5"], ["n:String(16)", "0.5", "9007199754740993"]],
    ["text", ["well=B1", "well=A1", `well=${NONE}`], ["well:String(2)", "A1", "B1", ""]],
    ["text with escapes", ["a%2Fb=%C3%A4 %25%3D", "a%2Fb=é%zz"], ["a\\b:String(5)", "ä %=", "é%zz"]],
    ["missing values alone", [`n=${NONE}`], ["n:String(1)", ""]],
  ];
  it.each(types)("give a column of %s", async (_, folders, expected) => {
    into(...folders);
    const { fields, columns } = await readSource(set);
    expect([fields[3], ...new Set(columns[3])]).toEqual(expected);
  });

  it("in folders of others: rows are ordered by value, then as in the files", async () => {
    into("b=2/a=x", "b=10/a=y", "b=2/a=w", "b=10/a=x");
    writeFileSync(at("b=2/_SUCCESS"), "");
    mkdirSync(at("_old"));
    const { fields, columns } = await readSource(set);
    expect(fields).toEqual(["object:Long", "area:Double", "label:String(4)", "b:Long", "a:String(1)"]);
    expect([0, 100, 200, 300].map((row) => [0, 3, 4].map((column) => columns[column]![row]))).toEqual([
      [200n, 2n, "w"],
      [0n, 2n, "x"],
      [300n, 10n, "x"],
      [100n, 10n, "y"],
    ]);
    expect(columns[0]!.slice(0, 100)).toEqual(IN_ORDER.slice(200, 300));
  });

  it("come back as the column that they were made of", async () => {
    rmSync(set, { recursive: true });
    await downloadTable({ path: join(folder, "cells.csv"), targetPath: set, partitionBy: "label" });
    const found = await readArrow({ path: set, columnNames: ["object", "label"] });
    const rows = found.toArray().map(({ object, label }) => [object, label]);
    expect(rows.length).toBe(ROWS);
    expect(rows.every(([object, label]) => label === `ä ${object % 7n}`)).toBe(true);
  });

  const refusals: [string, string[], string][] = [
    ["of different columns", ["a=1", "b=2"], "is in folders of other columns than"],
    ["of different depths", ["a=1", "a=2/b=2"], "is in folders of other columns than"],
    ["of one column twice", ["a=1/a=2"], 'of the same column "a"'],
    ["of a column that the files have", ["area=1"], 'has the column "area" in its files and in the names'],
    ["of no column", ["a=1", "day 2"], '"day 2" is not named by a column'],
  ];
  it.each(refusals)("%s are refused", async (_, folders, message) => {
    into(...folders);
    await expect(readSource(set)).rejects.toThrow(message);
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
    ["with folders beside files", () => mkdirSync(at("plate=3")), 'beside folders such as "plate=3"'],
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
