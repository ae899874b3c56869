/**
 * `npm run bench:server`: the embedded server's pixels, pictures and pages beside what they are to reach. Planes of
 * 2048 x 2048 uint16 go over plain tcp from another process; OMERO.web's 163 pages are visited in front of the server.
 */
import { readFileSync } from "node:fs";
import type { IPixels, RawPixelsStore, RenderingEngine } from "../src/connect/ice/schema/omero.js";
import { rlong } from "../src/rtypes.js";
import { USER } from "../test/connect/embedded.js";
import { GoldenWorld } from "../test/reference/golden/golden-world.js";
import { OmeroWeb } from "../test/reference/omero-web.js";
import { TestClient } from "../test/server/client.js";
import { ServerProcess } from "../test/support/server-process.js";

const EDGE = 2048;
const CHANNELS = 3;
const SECTIONS = 16;
const PLANES = CHANNELS * SECTIONS;
const PLANE_SIZE = EDGE * EDGE * 2;
/** The id of `uint16` among the PixelsTypes. */
const UINT16 = 6;
const PICTURES = 15;

await using server = await ServerProcess.start({}, { built: true });
await using client = await TestClient.logIn(
  { host: "127.0.0.1", ...server, port: server.port, tlsPort: server.tlsPort },
  {
    user: USER.username,
    password: USER.password,
  },
);
const pixelsId = await newPixels();
const before = residentMiB("VmRSS");
const written = await timed(writePlanes);
const read = await timed(readPlanes);
print("planes written", rate(written), ">= 300 MB/s", written);
print("planes read", rate(read), ">= 300 MB/s", read);
const engine = await newEngine();
const plane = {
  iceId: "::omero::romio::PlaneDef",
  slice: 0,
  x: 0,
  y: 0,
  z: 1,
  t: 0,
  region: null,
  stride: -1,
} as never;
await pictures("3 channels rendered, as numbers", "<= 60 ms", () => engine.renderAsPackedInt(plane));
await pictures("3 channels rendered, as JPEG", "-", () => engine.renderCompressed(plane));
const memory = `${(residentMiB("VmHWM") - before).toFixed(0)} MiB of ${((PLANES * PLANE_SIZE) / 2 ** 20).toFixed(0)}`;
print("memory at most, beyond what it began with", memory, "a few planes");
await visitPages();

async function newPixels(): Promise<bigint> {
  const pixels: IPixels = client.ice.service((await client.factory.getPixelsService())!, "::omero::api::IPixels");
  const type = { iceId: "::omero::model::PixelsType", id: rlong(UINT16), loaded: false } as never;
  const channels = Array.from({ length: CHANNELS }, (_, index) => index);
  const image = (await pixels.createImage(EDGE, EDGE, SECTIONS, 1, channels, type, "bench", ""))!;
  const query = await client.query();
  const [row] = await query.projection(`select p.id from Pixels p where p.image.id = ${image.val}`, null);
  return (row![0] as unknown as { val: bigint }).val;
}

async function openStore(): Promise<RawPixelsStore> {
  const proxy = (await client.factory.createRawPixelsStore())!;
  const store: RawPixelsStore = client.ice.service(proxy, "::omero::api::RawPixelsStore");
  await store.setPixelsId(pixelsId, true);
  return store;
}

/** In the order in which they lie in the file, and closed: then they are on the disk. */
async function writePlanes(): Promise<void> {
  const bytes = Buffer.alloc(PLANE_SIZE);
  for (let index = 0; index < PLANE_SIZE; index += 2) bytes.writeUInt16BE((index * 7) % 65521, index);
  const store = await openStore();
  for (let plane = 0; plane < PLANES; plane++) {
    await store.setPlane(bytes, plane % SECTIONS, Math.floor(plane / SECTIONS), 0);
  }
  await store.close();
}

async function readPlanes(): Promise<void> {
  const store = await openStore();
  for (let plane = 0; plane < PLANES; plane++) await store.getPlane(plane % SECTIONS, Math.floor(plane / SECTIONS), 0);
  await store.close();
}

async function newEngine(): Promise<RenderingEngine> {
  const proxy = (await client.factory.createRenderingEngine())!;
  const made: RenderingEngine = client.ice.service(proxy, "::omero::api::RenderingEngine");
  await made.lookupPixels(pixelsId);
  if (!(await made.lookupRenderingDef(pixelsId))) {
    await made.resetDefaultSettings(true);
    await made.lookupRenderingDef(pixelsId);
  }
  await made.load();
  return made;
}

async function pictures(what: string, target: string, render: () => Promise<unknown>): Promise<void> {
  const times: Time[] = [];
  for (let turn = 0; turn < PICTURES; turn++) times.push(await timed(render));
  const [middle] = times.toSorted((a, b) => a.wall - b.wall).slice(PICTURES >> 1);
  print(what, `${middle!.wall.toFixed(0)} ms`, target, middle);
}

async function visitPages(): Promise<void> {
  await using world = await GoldenWorld.make();
  await using web = await OmeroWeb.start(world.server.tlsPort);
  const port = Number(new URL(web.url).port);
  const visits = ["visits.py", world.path("ids.json"), world.path("pages"), world.path("visits.json")] as const;
  const { wall } = await timed(() => world.runAt(port, ...visits));
  print("163 pages of OMERO.web", `${(wall / 1000).toFixed(1)} s`, "<= 15 s");
}

interface Time {
  /** Milliseconds on the clock. */
  readonly wall: number;
  /** Milliseconds of the server's processor time. */
  readonly cpu: number;
}

async function timed(work: () => Promise<unknown>): Promise<Time> {
  const [startedAt, cpu] = [performance.now(), processorMs()];
  await work();
  return { wall: performance.now() - startedAt, cpu: processorMs() - cpu };
}

function rate({ wall }: Time): string {
  return `${((PLANES * PLANE_SIZE) / 1e3 / wall).toFixed(0)} MB/s`;
}

function print(what: string, found: string, target: string, time?: Time): void {
  const cpu = time ? `  server's processor ${time.cpu.toFixed(0)} ms` : "";
  console.log(`${what.padEnd(44)}${found.padEnd(20)}${target.padEnd(16)}${cpu}`);
}

/** Of the server, in the system's ticks of 10 ms. */
function processorMs(): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

function residentMiB(field: "VmRSS" | "VmHWM"): number {
  const line = readFileSync(`/proc/${server.pid}/status`, "utf8").match(new RegExp(`${field}:\\s+(\\d+) kB`));
  return Number(line![1]) / 1024;
}
