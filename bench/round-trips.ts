/**
 * Calls on a far link beside BlitzGateway: `tsx bench/round-trips.ts [ROUNDS] [DELAY]`, 3 rounds and 50 ms there and back by default,
 * through a proxy on this machine that delays what passes. A project of 20 datasets of 25 images, with the names and owners of all; a
 * plate of 384 wells, with the names and sizes of their images; 100 thumbnails, one by one and as BlitzGateway brings sets of them; 20
 * planes of 128 x 128 uint16. Python runs in the environment of the reference tests. OMERO_HOST, OMERO_PORT (of TLS), OMERO_USER and
 * OMERO_PASSWORD say of which server, on which all is made and removed; without OMERO_HOST it is the embedded server in a process of its
 * own. Prints the medians, and the ratio: a quarter is the aim.
 */
import { loadavg } from "node:os";
import { connectToOmero, type OmeroConnection, type omero, rint, rlong, rstring } from "omero2frame";
import { FaultProxy } from "../test/faults/proxy.js";
import { PythonSession } from "../test/reference/python-session.js";
import { ServerProcess } from "../test/support/server-process.js";

const [rounds = 3, delay = 50] = process.argv.slice(2).map(Number);
const DATASETS = 20;
const IMAGES = 25;
const WELLS = 384;
const THUMBNAILS = 100;
const PLANES = 20;
const SIDE = 128;

interface Made {
  readonly project: number;
  readonly plate: number;
  readonly images: readonly number[];
  readonly stack: number;
}

interface Task {
  readonly name: string;
  /** Both give how many things they saw. */
  readonly ours: (connection: OmeroConnection, made: Made) => Promise<number>;
  readonly theirs: string;
}

const TASKS: readonly Task[] = [
  {
    name: `tree of ${DATASETS} datasets x ${IMAGES} images`,
    ours: async (connection, { project }) => {
      let named = 0;
      for await (const dataset of (await connection.getObject("Project", project)).listChildren())
        for await (const image of dataset.listChildren()) if (image.name && image.details.owner?.userName) named++;
      return named;
    },
    theirs:
      "sum(1 for d in conn.getObject('Project', project).listChildren() for i in d.listChildren() if i.getName() and i.getOwnerOmeName())",
  },
  {
    name: `plate of ${WELLS} wells`,
    ours: async (connection, { plate }) => {
      let named = 0;
      for await (const well of (await connection.getObject("Plate", plate)).listChildren())
        if (well.getImage()?.name && well.getImage()?.sizeX) named++;
      return named;
    },
    theirs:
      "sum(1 for w in conn.getObject('Plate', plate).listChildren() if w.getImage().getName() and w.getImage().getSizeX())",
  },
  {
    name: `${THUMBNAILS} thumbnails`,
    ours: async (connection, { images }) => (await connection.getThumbnails(images, { size: 64 })).size,
    theirs: "sum(1 for i in conn.getObjects('Image', images) if i.getThumbnail(size=(64,)))",
  },
  {
    name: `${THUMBNAILS} thumbnails, theirs as a set`,
    ours: async (connection, { images }) => (await connection.getThumbnails(images, { size: 64 })).size,
    theirs: "sum(1 for picture in conn.getThumbnailSet(images, max_size=64).values() if picture)",
  },
  {
    name: `${PLANES} planes`,
    ours: async (connection, { stack }) => {
      let planes = 0;
      for await (const { data } of (await connection.getObject("Image", stack)).pixels.planes())
        planes += data.length === SIDE * SIDE ? 1 : 0;
      return planes;
    },
    theirs:
      `sum(1 for p in conn.getObject('Image', stack).getPrimaryPixels().getPlanes([(z, 0, 0) for z in range(${PLANES})]) ` +
      `if p.size == ${SIDE * SIDE})`,
  },
];

const LOG_IN = `
import time
from omero.gateway import BlitzGateway

def log_in(user, password, port):
    global conn
    conn = BlitzGateway(user, password, host="127.0.0.1", port=port, secure=True)
    assert conn.connect(), conn.getLastError()
`;

const own = process.env.OMERO_HOST ? undefined : await ServerProcess.start({}, { built: true });
const [host, port] = [process.env.OMERO_HOST ?? "127.0.0.1", own?.tlsPort ?? Number(process.env.OMERO_PORT ?? 4064)];
const username = own ? "ana" : process.env.OMERO_USER!;
const password = own ? "pass-ana" : process.env.OMERO_PASSWORD!;
const near = await connectToOmero({ server: `ssl://${host}:${port}`, username, password });
const made = await makeAll(near);
const proxy = await FaultProxy.start(port, { delay: delay / 2 });
const far = await connectToOmero({ server: `ssl://127.0.0.1:${proxy.port}`, username, password });
const python = await PythonSession.start(LOG_IN);
try {
  await python.run("log_in(user, password, port); result = None", { user: username, password, port: proxy.port });
  console.log(`load ${loadavg()[0]!.toFixed(1)}; ${delay} ms there and back; medians of ${rounds} rounds, in seconds`);
  for (const task of TASKS) console.log(await compared(task));
} finally {
  await python[Symbol.asyncDispose]();
  await far.close();
  await proxy.close();
  await removeAll(near, made);
  await near.close();
  await own?.[Symbol.asyncDispose]();
}

/** One after the other in each round. */
async function compared({ name, ours, theirs }: Task): Promise<string> {
  const times: Record<"ours" | "theirs", number[]> = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const seen = await ours(far, made);
    times.ours.push((performance.now() - started) / 1000);
    const code = `started = time.perf_counter(); seen = ${theirs}; result = [seen, time.perf_counter() - started]`;
    const [theySaw, seconds] = await python.run<[number, number]>(code, { ...made });
    times.theirs.push(seconds);
    if (seen !== theySaw) throw new Error(`${name}: ${seen} by ours, ${theySaw} by BlitzGateway`);
  }
  const [mine, other] = [median(times.ours), median(times.theirs)];
  return `${name.padEnd(44)}${mine.toFixed(2).padStart(7)}${other.toFixed(2).padStart(8)}   ratio ${(mine / other).toFixed(3)}`;
}

async function makeAll(connection: OmeroConnection): Promise<Made> {
  const project = await connection.createObject("Project", { name: "far" });
  for (let dataset = 0; dataset < DATASETS; dataset++) {
    const { id } = await connection.createObject("Dataset", { name: `d${dataset}`, parent: project });
    const links = Array.from({ length: IMAGES }, (_, index) => imageIn(id, `image ${index}`));
    await connection.getUpdateService().saveAndReturnArray(links);
  }
  const images: number[] = [];
  for (let index = 0; index < THUMBNAILS; index++) {
    const planes = [Uint8Array.from({ length: 256 }, (_, at) => at)];
    images.push((await connection.createImage({ name: "small", sizeX: 16, sizeY: 16, planes })).id);
  }
  const planes = Array.from({ length: PLANES }, (_, z) => new Uint16Array(SIDE * SIDE).fill(z));
  const stack = await connection.createImage({ name: "stack", sizeX: SIDE, sizeY: SIDE, sizeZ: PLANES, planes });
  const plate = await connection.createObject("Plate", { name: "far" });
  const wells = Array.from({ length: WELLS }, (_, at) =>
    wellOf(plate.id, Math.floor(at / 24), at % 24, images[at % 100]!),
  );
  await connection.getUpdateService().saveAndReturnArray(wells);
  const all = { project: project.id, plate: plate.id, images, stack: stack.id };
  await connection.getThumbnails(images, { size: 64 });
  return all;
}

async function removeAll(connection: OmeroConnection, { project, plate, images, stack }: Made): Promise<void> {
  await connection.deleteObjects("Plate", [plate]);
  await connection.deleteObjects("Project", [project]);
  await connection.deleteObjects("Image", [...images, stack]).catch(() => {});
}

function imageIn(dataset: number, name: string): omero.IObject {
  const image = { iceId: "::omero::model::Image", loaded: true, name: rstring(name) };
  const parent = { iceId: "::omero::model::Dataset", id: rlong(dataset), loaded: false };
  return { iceId: "::omero::model::DatasetImageLink", loaded: true, parent, child: image } as never;
}

function wellOf(plate: number, row: number, column: number, image: number): omero.IObject {
  const reference = (iceId: string, id: number) => ({ iceId, id: rlong(id), loaded: false });
  const sample = {
    iceId: "::omero::model::WellSample",
    loaded: true,
    image: reference("::omero::model::Image", image),
  };
  return {
    iceId: "::omero::model::Well",
    loaded: true,
    plate: reference("::omero::model::Plate", plate),
    row: rint(row),
    column: rint(column),
    wellSamplesSeq: [sample],
    wellSamplesLoaded: true,
  } as never;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1]!;
}
