/** The examples about pixels, rendering and regions beside the same done with BlitzGateway, on one world. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PythonSession } from "../python-session.js";
import { GoldenWorld } from "./golden-world.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
let world: GoldenWorld;
let python: PythonSession;
let id: number;

beforeAll(async () => {
  world = await GoldenWorld.make();
  id = (await world.json<{ image: number }>("ids.json")).image;
  python = await PythonSession.start(`
    from numpy import array, int8, uint16
    from omero.gateway import BlitzGateway
    from omero.rtypes import unwrap
    import omero`);
  await python.run(
    `conn = BlitzGateway("user", "pass", host="127.0.0.1", port=port)
assert conn.connect()
image = conn.getObject("Image", id)
sizeZ, sizeC, sizeT = image.getSizeZ(), image.getSizeC(), image.getSizeT()
result = None`,
    { port: world.server.tlsPort, id },
  );
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

async function example(name: string, ...words: (string | number)[]): Promise<string[]> {
  const login = { OMERO_HOST: `tcp://127.0.0.1:${world.server.port}`, OMERO_USER: "user", OMERO_PASSWORD: "pass" };
  const args = ["--import", "tsx", `examples/gateway/${name}`, ...words.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...login },
  });
  return stdout.trimEnd().split("\n");
}

it("reads a plane, tiles and a hypercube", async () => {
  const theirs = await python.run(`pixels = image.getPrimaryPixels()
plane = pixels.getPlane(0, 0, 0)
result = ["plane: %s x %s %s min: %s max: %s" % (*plane.shape, plane.dtype.name, plane.min(), plane.max())]
for z, tile in enumerate(pixels.getTiles([(z, 0, 0, (50, 20, 10, 10)) for z in range(sizeZ)])):
    result.append("tile: %s sum: %s" % (z, tile.sum()))
zctList = [(z, c, t) for z in range(sizeZ // 2, sizeZ) for c in range(sizeC) for t in range(sizeT)]
total = sum(int(p.sum()) for p in pixels.getPlanes(zctList))
result.append("hypercube: %s x %s x %s x 48 x 64 sum: %s" % (sizeT, sizeC, sizeZ - sizeZ // 2, total))`);
  expect(await example("raw-data.ts", id)).toEqual(theirs);
});

it("draws, lists and removes regions", async () => {
  const before = await python.run(`result = len(conn.getRoiService().findByImage(image.getId(), None).rois)`);
  const plane = { z: 1, t: 0 };
  const [rectangle, ellipse, left] = await example("rois.ts", id);
  expect(JSON.parse(rectangle!)).toEqual({
    ...{ type: "Rectangle", x: 50, y: 200, width: 100, height: 50, text: "test-Rectangle", ...plane },
  });
  expect(JSON.parse(ellipse!)).toEqual({
    ...{ type: "Ellipse", x: 200, y: 50, radiusX: 100, radiusY: 50, text: "test-Ellipse", ...plane },
  });
  expect(left).toBe("left: test-Rectangle");
  expect(await python.run(`result = len(conn.getRoiService().findByImage(image.getId(), None).rois)`)).toBe(before);
});

it("makes the same pictures, and saves the same settings", async () => {
  const told = await python.run(`image = conn.getObject("Image", image.getId())
result = ["%s #%s %s %s - %s" % (c.getLabel(), c.getColor().getHtml(), str(c.isActive()).lower(), int(c.getWindowStart()), int(c.getWindowEnd())) for c in image.getChannels()]
result.append("model: greyscale" if image.isGreyscaleRenderingModel() else "model: rgb")
pictures = {"thumbnail.jpg": image.getThumbnail((64, 64))}
image.setGreyscaleRenderingModel()
for c in range(1, sizeC + 1):
    image.setActiveChannels([c])
    pictures["channel%s.jpg" % c] = image.renderJpeg(sizeZ // 2, 0)
image.setColorRenderingModel()
image.setActiveChannels([1, 2, 3], colors=["F00", None, "FFFF00"])
image.setProjection("intmax")
pictures["all_channels.jpg"] = image.renderJpeg(sizeZ // 2, 0)
image.setProjection("normal")
image = conn.getObject("Image", image.getId())
image.setColorRenderingModel()
image.setActiveChannels([1, 2], windows=[[100.0, 120.2], [None, None]])
pictures["two_channels.jpg"] = image.renderJpeg(sizeZ // 2, 0, compression=0.5)`);
  expect(await example("render-images.ts", id, world.folder)).toEqual(told);
  const names = await python.run<string[]>("result = list(pictures)");
  expect(names).toHaveLength(6);
  for (const name of names) {
    const theirs = await python.run<Uint8Array>("result = pictures[name]", { name });
    expect([name, new Uint8Array(await readFile(world.path(name)))]).toEqual([name, theirs]);
  }
  const saved = await python.run(`image = conn.getObject("Image", image.getId())
result = [[c.isActive(), c.getWindowStart(), c.getWindowEnd()] for c in image.getChannels()][:2]`);
  expect(saved).toMatchObject([
    [true, 100, 120.2],
    [true, expect.any(Number), expect.any(Number)],
  ]);
});

it("makes images of arrays, and of the mean of two channels", async () => {
  const [made, mean] = await example("create-image.ts", id);
  const [madeId, meanId] = [made, mean].map((line) => Number(/^\d+/.exec(line!)![0]));
  const [arrays, same, figures] = await python.run<unknown[]>(
    `i = conn.getObject("Image", madeId); p = i.getPrimaryPixels()
result = [[i.getName(), [p.getPlane(0, c, 0).tolist() for c in (0, 1)]]]
i = conn.getObject("Image", meanId); p = i.getPrimaryPixels(); q = image.getPrimaryPixels()
pairs = [(p.getPlane(z, 0, t), ((q.getPlane(z, 0, t).astype("float") + q.getPlane(z, 1, t)) / 2).astype("uint16")) for z in range(sizeZ) for t in range(sizeT)]
result.append(all((a == b).all() and a.dtype == b.dtype for a, b in pairs))
values = array([a for a, b in pairs])
result.append("%s mean image min: %s max: %s mean: %s" % (meanId, values.min(), values.max(), repr(float(values.mean()))))`,
    { madeId, meanId },
  );
  const rows = (first: number) => Array.from({ length: 5 }, (_, index) => first + index);
  expect(arrays).toEqual(["array image", [[0, 5, 0, 5].map(rows), [5, 0, 5, 0].map(rows)]]);
  expect([same, figures]).toEqual([true, mean]);
});
