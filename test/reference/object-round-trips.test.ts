/** Calls that reach a server for the same work, by this gateway and by BlitzGateway. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { rint } from "../../src/rtypes.js";
import type { ObjectOptions } from "../../src/server/index.js";
import { link, listed, ServedWorld } from "../gateway/served-world.js";
import { PythonSession } from "./python-session.js";

const DATASETS = 10;
const IMAGES = 30;
const [ROWS, COLUMNS] = [16, 24];

function objects(): ObjectOptions[] {
  const made: ObjectOptions[] = [{ type: "Project", id: 1 }];
  for (let dataset = 1; dataset <= DATASETS; dataset++) {
    made.push({ type: "Dataset", id: dataset }, link(["Project", 1], ["Dataset", dataset]));
    for (let index = 1; index <= IMAGES; index++) {
      const id = (dataset - 1) * IMAGES + index;
      made.push({ type: "Image", id, name: `image ${id}` }, link(["Dataset", dataset], ["Image", id]));
    }
  }
  made.push({ type: "Plate", id: 1 });
  for (let well = 1; well <= ROWS * COLUMNS; well++) {
    const place = { row: rint(Math.floor((well - 1) / COLUMNS)), column: rint((well - 1) % COLUMNS) };
    const image = { type: "Image", id: ((well - 1) % (DATASETS * IMAGES)) + 1 };
    made.push(
      { type: "Well", id: well, references: { plate: { type: "Plate", id: 1 } }, values: place },
      { type: "WellSample", id: well, references: { well: { type: "Well", id: well }, image } },
    );
  }
  return made;
}

let world: ServedWorld;
let python: PythonSession;
beforeAll(async () => {
  world = await ServedWorld.start(objects());
  python = await PythonSession.start("from omero.gateway import BlitzGateway");
  await python.run(
    `conn = BlitzGateway("ann", "ann-pass", host="127.0.0.1", port=port)
assert conn.connect()
result = len(list(conn.getObjects("Project")))`,
    { port: world.server.tlsPort },
  );
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** The same work done by both, which must give the same in at most a quarter of the calls. */
async function compare(name: string, ours: () => Promise<unknown>, theirs: string): Promise<void> {
  const [mine, blitz] = [await world.counting(ours), await world.counting(() => python.run(theirs))];
  console.log(`${name}: ${mine.calls.length} calls, BlitzGateway ${blitz.calls.length}`);
  expect(mine.result).toEqual(blitz.result);
  expect(mine.calls.length).toBeLessThanOrEqual(blitz.calls.length / 4);
}

it("a tree of datasets and images", async () => {
  await compare(
    "tree",
    async () => {
      const names: string[] = [];
      const project = await world.connection.getObject("Project", 1);
      for await (const dataset of project.listChildren())
        for await (const image of dataset.listChildren())
          names.push(`${dataset.id} ${image.name} ${image.details.owner?.userName}`);
      return names.sort();
    },
    `result = sorted("%s %s %s" % (d.getId(), i.getName(), i.getOwnerOmeName()) for d in conn.getObject("Project", 1).listChildren() for i in d.listChildren())`,
  );
});

it("a plate of 384 wells with its images", async () => {
  await compare(
    "plate",
    async () => {
      const plate = await world.connection.getObject("Plate", 1);
      const wells = await listed(plate.listChildren());
      return wells
        .map((well) => `${well.name} ${well.getImage()?.name} ${well.getImage()?.details.owner?.userName}`)
        .sort();
    },
    `result = sorted("%s %s %s" % (w.getWellPos(), w.getImage().getName(), w.getImage().getOwnerOmeName()) for w in conn.getObject("Plate", 1).listChildren())`,
  );
});

it("tags and parents of all images of a dataset", async () => {
  await compare(
    "annotations and parents",
    async () => {
      const dataset = await world.connection.getObject("Dataset", 1);
      const images = await listed(dataset.listChildren());
      const counts: string[] = [];
      for (const image of images)
        counts.push(
          `${image.id} ${(await image.tags()).length} ${(await image.ancestry()).map(({ id }) => id).join()}`,
        );
      return counts.sort();
    },
    `result = sorted("%s %s %s" % (i.getId(), len(list(i.listAnnotations())), ",".join(str(a.getId()) for a in i.getAncestry())) for i in conn.getObject("Dataset", 1).listChildren())`,
  );
});
