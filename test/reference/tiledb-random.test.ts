/** Random rows through TileDB's engine and through us, both ways. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sliceColumn } from "../../src/columns/kinds/kinds.js";
import { createTileDB } from "../../src/write/create-tiledb.js";
import { describeArray } from "../formats/tiledb/describe-array.js";
import { Random, randomFrame } from "../formats/tiledb/random-frame.js";
import { differences, ENGINES, type EngineName, readArray, readArrowFile, TileDBEngine } from "./tiledb-engine.js";

/** Frames for each engine, which gets others than the other. */
const FRAMES = 24;
const OVERWRITTEN = 8;

function seedsOf(engine: EngineName, count: number): number[] {
  return Array.from({ length: count }, (_, frame) => 1 + frame * ENGINES.length + ENGINES.indexOf(engine));
}

describe.each(ENGINES)("random rows and the %s engine", (name) => {
  let engine: TileDBEngine;
  beforeAll(async () => {
    engine = await TileDBEngine.start(name);
  });
  afterAll(() => engine?.stop());

  it("ours are its own, to the byte of each statistic, and its own are ours", async () => {
    for (const seed of seedsOf(name, FRAMES)) {
      const random = new Random(seed);
      const batch = randomFrame(random);
      const chunkSize = random.pick([batch.rowCount, 10_000, 3_333, Math.ceil(batch.rowCount / 3)]);
      const [ours, theirs] = [engine.newPath(), engine.newPath()];
      await createTileDB(batch, ours, { chunkSize });
      const rows = await engine.arrowFile(batch);
      await engine.run("make", theirs, rows, chunkSize);
      expect(await engine.run("judge", ours, rows, theirs), `frame ${seed}`).toEqual([]);
      expect(await describeArray(ours), `frame ${seed}`).toEqual(await describeArray(theirs));
      expect(differences(await readArray(theirs), batch), `frame ${seed}`).toEqual([]);
      expect(differences(await readArray(ours), batch), `frame ${seed}`).toEqual([]);
    }
  });

  it("rows written over rows of ours, tidied now and then, are what it finds", async () => {
    for (const seed of seedsOf(name, OVERWRITTEN)) {
      const random = new Random(1000 + seed);
      const batch = randomFrame(random, 10_000 + random.below(6_000));
      const path = engine.newPath();
      await createTileDB(batch, path, { chunkSize: random.pick([20_000, 6_000, 1_500]) });
      for (let round = 0; round < 4; round++) {
        const count = 1 + random.below(random.pick([5, 400]));
        const places = new Set(Array.from({ length: count }, () => random.below(batch.rowCount + 2_000)));
        const from = random.below(batch.rowCount - places.size);
        const columns = batch.columns.map((column) => sliceColumn(column, from, from + places.size));
        const part = { ...batch, columns, rowCount: places.size };
        await engine.run("overwrite", path, await engine.arrowFile(part), [...places]);
        if (random.below(2))
          await engine.run("tidy", path, [random.pick(["consolidate fragments", "consolidate commits"])]);
        if (random.below(2)) await engine.run("tidy", path, [random.pick(["vacuum fragments", "vacuum commits"])]);
        const found = engine.newPath(".arrow");
        await engine.run("dump", path, found);
        expect(differences(await readArray(path), await readArrowFile(found)), `frame ${seed}, ${round}`).toEqual([]);
      }
    }
  });
});
