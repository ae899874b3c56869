/** What BlitzGateway and this package's gateway make on one server, each as the other reads it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import "../../src/gateway/index.js";
import type { ChannelView, Image, RoiShape, SavedRendering } from "../../src/gateway/index.js";
import { type OmeroServer, type ServedCall, startServer } from "../../src/server/index.js";
import { connectPlain } from "../connect/embedded.js";
import { EVERY_SHAPE } from "../gateway/rois/every-shape.js";
import { PythonSession } from "./python-session.js";

const CONNECT = `
  import numpy, omero, omero.gateway
  from omero.gateway import BlitzGateway, ColorHolder
  from omero.rtypes import rdouble, rint, rlong, rstring, unwrap

  def connect(port):
      global conn
      conn = BlitzGateway("user", "pass", host="127.0.0.1", port=port, secure=True)
      assert conn.connect(), conn.getLastError()

  def planes_of(image):
      p = image.getPrimaryPixels()
      zct = [(z, c, t) for z in range(image.getSizeZ()) for c in range(image.getSizeC()) for t in range(image.getSizeT())]
      return list(p.getPlanes(zct))

  LENGTHS = ("strokeWidth", "fontSize")
  PLAIN = ("theZ", "theT", "theC", "textValue", "fillColor", "strokeColor", "locked", "x", "y", "width", "height",
           "radiusX", "radiusY", "x1", "y1", "x2", "y2", "markerStart", "markerEnd", "points", "d")

  def told(shape):
      out = {"type": type(shape).__name__[:-1]}
      for name in PLAIN:
          if getattr(shape, name, None) is not None: out[name] = unwrap(getattr(shape, name))
      for name in LENGTHS:
          if getattr(shape, name) is not None: out[name] = [getattr(shape, name).getValue(), str(getattr(shape, name).getUnit())]
      if shape.transform is not None: out["transform"] = [unwrap(getattr(shape.transform, a)) for a in ("a00", "a10", "a01", "a11", "a02", "a12")]
      if out["type"] == "Mask": out["bits"] = numpy.unpackbits(numpy.frombuffer(bytes(shape.bytes), dtype="uint8"))[:35].tolist()
      return out
`;

let server: OmeroServer;
let connection: OmeroConnection;
let python: PythonSession;
let calls: string[] = [];

beforeAll(async () => {
  server = await startServer({
    users: [{ name: "user", password: "pass", groups: ["lab"] }],
    objects: [],
    beforeCall: ({ operation }: ServedCall) => void calls.push(operation),
  });
  connection = await connectPlain(server, { username: "user", password: "pass" });
  python = await PythonSession.start(CONNECT);
  await python.run("connect(port)", { port: server.tlsPort });
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await connection?.close();
  await server?.close();
});

type Numbers = Float64Array | Uint16Array;
const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Planes with the least and greatest values that a type has. */
function planesOf(name: keyof typeof ARRAYS, count: number): Numbers[] {
  const array = ARRAYS[name] as unknown as Uint16ArrayConstructor;
  const bits = array.BYTES_PER_ELEMENT * 8;
  const extremes = name.startsWith("float")
    ? [-1.5, 3.4e38, Number.NaN, Number.POSITIVE_INFINITY]
    : [name.startsWith("u") ? 0 : -(2 ** (bits - 1)), name.startsWith("u") ? 2 ** bits - 1 : 2 ** (bits - 1) - 1];
  return Array.from({ length: count }, (_, plane) =>
    array.from({ length: 15 }, (_, index) => extremes[index] ?? plane * 5 + index),
  );
}

describe("pixels of each type", () => {
  it.each(Object.keys(ARRAYS) as (keyof typeof ARRAYS)[])("are read equal by either gateway: %s", async (name) => {
    const planes = planesOf(name, 8);
    const sizes = { sizeX: 5, sizeY: 3, sizeZ: 2, sizeC: 2, sizeT: 2 };
    const ours = await connection.createImage({ name: `ours ${name}`, ...sizes, planes });
    const bytes = planes.map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer));
    const equal = await python.run(
      `read = planes_of(conn.getObject("Image", id))
result = [[str(p.dtype), p.shape == (3, 5), p.astype(p.dtype.newbyteorder("<")).tobytes() == bytes(b)] for p, b in zip(read, planes)]
made = conn.createImageFromNumpySeq(iter([numpy.frombuffer(bytes(b), dtype=kind).reshape(3, 5) for b in planes]), "theirs " + kind, 2, 2, 2)
their_id = made.getId()`,
      { id: ours.id, planes: bytes, kind: name },
    );
    expect(equal).toEqual(planes.map(() => [name, true, true]));
    const theirs = await connection.getObject("Image", Number(await python.run("result = their_id")));
    expect(theirs).toMatchObject({ ...sizes, pixelsType: ours.pixelsType });
    const read = [];
    for await (const { data } of theirs.pixels.planes()) read.push(data);
    expect(read).toEqual(planes);
  });
});

describe("regions", () => {
  it("of every shape are read by omero-py as they were drawn", async () => {
    const image = await connection.createImage({ name: "rois", sizeX: 2, sizeY: 2, planes: [new Uint8Array(4)] });
    await image.createRois([{ name: "all", shapes: EVERY_SHAPE }]);
    const shapes = await python.run(
      `roi = conn.getRoiService().findByImage(id, None).rois[0]
result = [roi.name.val] + [told(s) for s in roi.copyShapes()]`,
      { id: image.id },
    );
    expect(shapes).toMatchObject([
      "all",
      {
        type: "Rectangle",
        x: 5,
        y: 6.5,
        width: 7,
        height: 8,
        theZ: 0,
        theT: 0,
        theC: 1,
        textValue: "nucleus ä",
        fillColor: 0xff000080 | 0,
        strokeColor: 0x00ff00ff,
        locked: true,
        strokeWidth: [2.5, "PIXEL"],
        fontSize: [12, "POINT"],
        transform: [1, 0.5, 0, 1, 3, 4],
      },
      { type: "Ellipse", x: 20, y: 20, radiusX: 5, radiusY: 3 },
      { type: "Point", x: 1.5, y: 2.5 },
      { type: "Line", x1: 0, y1: 1, x2: 10, y2: 11, markerEnd: "Arrow" },
      { type: "Polygon", points: "0,0 10,0 10,10.25" },
      { type: "Polyline", points: "0,-1e-7 1,1 2,0" },
      { type: "Label", x: 3, y: 4, textValue: "here" },
      {
        type: "Mask",
        x: 10,
        y: 11,
        width: 7,
        height: 5,
        bits: Array.from({ length: 35 }, (_, at) => Number(at % 3 === 0)),
      },
      { type: "Path", d: "M 0 0 L 10 0 L 10 10 Z" },
    ]);
  });

  it("drawn, changed and removed by omero-py are what it made them", async () => {
    const image = await connection.createImage({ name: "theirs", sizeX: 2, sizeY: 2, planes: [new Uint8Array(4)] });
    await python.run(
      `roi = omero.model.RoiI(); roi.setImage(conn.getObject("Image", id)._obj)
rect = omero.model.RectangleI()
rect.x, rect.y, rect.width, rect.height = rdouble(1), rdouble(2), rdouble(3), rdouble(4)
rect.theZ, rect.theT, rect.textValue = rint(0), rint(0), rstring("box")
rect.fillColor = rint(ColorHolder.fromRGBA(1, 2, 3, 4).getInt() if False else (1 << 24) | (2 << 16) | (3 << 8) | 4)
rect.strokeWidth = omero.model.LengthI(1.5, omero.model.enums.UnitsLength.PIXEL)
mask = omero.model.MaskI()
mask.x, mask.y, mask.width, mask.height = rdouble(0), rdouble(0), rdouble(3), rdouble(3)
mask.bytes = numpy.packbits(numpy.array([1, 0, 1, 0, 1, 0, 0, 0, 1], dtype="uint8")).tobytes()
for s in (rect, mask): roi.addShape(s)
saved = conn.getUpdateService().saveAndReturnObject(roi)
result = None`,
      { id: image.id },
    );
    const [roi] = await image.rois();
    const data = Uint8Array.of(1, 0, 1, 0, 1, 0, 0, 0, 1);
    const box = { type: "Rectangle", x: 1, y: 2, width: 3, height: 4, z: 0, t: 0, text: "box", fillColor: "#01020304" };
    expect(roi!.shapes).toMatchObject([
      { ...box, strokeWidth: 1.5 },
      { type: "Mask", width: 3, height: 3, data },
    ]);
    const moved = { ...roi!.shapes[0]!, x: 7 } as RoiShape;
    await image.updateRois([{ ...roi!, shapes: [moved, { type: "Point", x: 1, y: 1 }] }]);
    const read = await python.run(
      `result = [told(s) for s in conn.getRoiService().findByImage(id, None).rois[0].copyShapes()]`,
      { id: image.id },
    );
    expect(read).toMatchObject([
      { type: "Rectangle", x: 7, textValue: "box", strokeWidth: [1.5, "PIXEL"] },
      { type: "Point", x: 1, y: 1 },
    ]);
    await python.run(
      `roi = conn.getRoiService().findByImage(id, None).rois[0]
for s in roi.copyShapes():
    if isinstance(s, omero.model.RectangleI):
        s.x = rdouble(9)
    else:
        roi.removeShape(s)
conn.getUpdateService().saveAndReturnObject(roi); result = None`,
      { id: image.id },
    );
    expect((await image.rois()).shapes).toMatchObject([{ type: "Rectangle", x: 9, strokeWidth: 1.5 }]);
  });
});

describe("rendering", () => {
  let image: Image;
  beforeAll(async () => {
    const planes = Array.from({ length: 18 }, (_, plane) =>
      Uint16Array.from({ length: 64 * 48 }, (_, index) => plane * 10 + index),
    );
    const sizes = { sizeX: 64, sizeY: 48, sizeZ: 3, sizeC: 3, sizeT: 2 };
    const channels = [{ label: "DAPI", color: "#0000FF" }, { label: "GFP" }];
    image = await connection.createImage({ name: "shown", ...sizes, planes, channels });
  });

  const channelsOfTheirs = (id: number) =>
    python.run(
      `i = conn.getObject("Image", id)
result = [[c.getLabel(), c.getColor().getHtml(), c.isActive(), c.getWindowStart(), c.getWindowEnd()] for c in i.getChannels()]
result.append(i.isGreyscaleRenderingModel())`,
      { id },
    );

  it("settings are read equal by either gateway", async () => {
    const ours = async () => {
      const { channels, model } = await image.savedRendering();
      const told = channels.map(({ label, color, active, window }) => [label, color.slice(1), active, ...window]);
      return [...told, model === "greyscale"];
    };
    expect(await channelsOfTheirs(image.id)).toEqual(await ours());
    await image.saveDefaults({ model: "greyscale", channels: [{ index: 1, window: [5, 99.5], color: "#12AB34" }] });
    const saved = await ours();
    expect(saved[1]).toEqual(["GFP", "12AB34", true, 5, 99.5]);
    expect(saved.at(-1)).toBe(true);
    expect(await channelsOfTheirs(image.id)).toEqual(saved);
    await python.run(
      `i = conn.getObject("Image", id); i.setColorRenderingModel()
i.setActiveChannels([1, 3], windows=[[1.0, 50.0], [None, None]], colors=["F00", "00FFFF"]); i.saveDefaults(); result = None`,
      { id: image.id },
    );
    const [dapi, gfp, third, isGreyscale] = await ours();
    expect(dapi).toEqual(["DAPI", "FF0000", true, 1, 50]);
    expect(gfp).toEqual(["GFP", "12AB34", false, 5, 99.5]);
    expect([third, isGreyscale]).toMatchObject([["2", "00FFFF", true, 40, 3241], false]);
    await image.resetDefaults();
  });

  it("every setting is read equal by either gateway, whoever saved it", async () => {
    await image.saveDefaults({
      ...{ z: 2, t: 1, model: "greyscale", codomain: [10, 200], bitResolution: 127 },
      channels: [
        { index: 0, window: [5, 900], color: "#102030", family: "polynomial", coefficient: 1.5, noiseReduction: true },
        { index: 2, window: [7, 8], lut: "cool.lut", reverse: true, family: "logarithmic" },
      ],
    });
    const theirs = (rest: string) =>
      python.run<Record<string, unknown>>(
        `i = conn.getObject("Image", id)
${rest}
d = i.getAllRenderingDefs()[0]
q = conn.getPixelsService().retrieveRndSettings(i.getPixelsId()).quantization
result = {"z": d["z"], "t": d["t"], "model": d["model"], "codomain": [q.cdStart.val, q.cdEnd.val], "bitResolution": q.bitResolution.val,
  "channels": [[c["active"], c["start"], c["end"], c["color"], c["family"], c["coefficient"], c["inverted"], c.get("lut")] for c in d["c"]]}`,
        { id: image.id },
      );
    const ours = async () => {
      const [{ channels, z, t, model, codomain, bitResolution }] = (await image.renderingDefs()) as [SavedRendering];
      const told = channels.map(({ active, window, color, family, coefficient, reverse, lut }) => [
        ...[active, ...window, color.slice(1), family, coefficient, reverse, lut ?? null],
      ]);
      return { z, t, model, codomain, bitResolution, channels: told };
    };
    const saved = await theirs("");
    expect(saved).toEqual(await ours());
    expect(saved).toMatchObject({ z: 2, t: 1, model: "greyscale", codomain: [10, 200], bitResolution: 127 });
    expect(saved.channels).toMatchObject([
      [true, 5, 900, "102030", "polynomial", 1.5, false, null],
      [false, 20, 3221, "00FF00", "linear", 1, false, null],
      [true, 7, 8, expect.any(String), "logarithmic", 1, true, "cool.lut"],
    ]);
    const changed =
      await theirs(`i.setColorRenderingModel(); i.setActiveChannels([1, 2], windows=[[1.0, 2.0], [3.0, 4.0]], colors=["cool.lut", "00FF00"])
i.setQuantizationMap(1, "exponential", 0.7); i.setChannelInverted(1, True); i.setChannelInverted(2, False)
i.setDefaultZ(0); i.setDefaultT(0); i.saveDefaults()`);
    expect(changed).toEqual(await ours());
    expect(changed.channels).toMatchObject([
      [true, 1, 2, "102030", "polynomial", 1.5, false, "cool.lut"],
      [true, 3, 4, "00FF00", "exponential", 0.7, true, null],
      [false, 7, 8, expect.any(String), "logarithmic", 1, false, "cool.lut"],
    ]);
    await image.resetDefaults();
  });

  it("pictures by every setting are the same bytes by either gateway", async () => {
    const theirs = (code: string) =>
      python.run<Uint8Array>(
        `i = conn.getObject("Image", id); i.setColorRenderingModel()
i.setActiveChannels([1, 2], windows=[[0.0, 3000.0], [10.0, 2000.0]], colors=["FF0000", "00FF00"])
${code}`,
        { id: image.id },
      );
    const channels: ChannelView[] = [
      { index: 0, window: [0, 3000], color: "#FF0000", family: "polynomial", coefficient: 0.5, noiseReduction: false },
      { index: 1, window: [10, 2000], color: "#00FF00", family: "exponential", coefficient: 0.3, reverse: true },
    ];
    const maps = `i.setQuantizationMaps([{"family": "polynomial", "coefficient": 0.5}, {"family": "exponential", "coefficient": 0.3}])
i.setChannelInverted(1, True)\n`;
    const view = { z: 1, t: 1, model: "rgb", channels } as const;
    expect(await image.render(view)).toEqual(await theirs(`${maps}result = i.renderJpeg(1, 1)`));
    const region = { x: 5, y: 6, width: 20, height: 30 };
    expect(await image.render({ ...view, region })).toEqual(
      await theirs(`${maps}result = i.renderJpegRegion(1, 1, 5, 6, 20, 30)`),
    );
    const mean = { kind: "intmean", z: [0, 2] } as const;
    expect(await image.render({ ...view, projection: mean })).toEqual(
      await theirs(`${maps}i.setProjection("intmean"); i.setProjectionRange(0, 1); result = i.renderJpeg(1, 1)`),
    );
    const parts: Uint8Array[] = [];
    for await (const part of image.exportOmeTiff()) parts.push(part);
    // Each file has an identifier of its own; the pixels are at its end.
    const [file, other] = [Buffer.concat(parts), Buffer.from(await theirs("result = i.exportOmeTiff()"))];
    const pixels = 64 * 48 * 2 * 18;
    expect([other.length, Buffer.compare(file.subarray(-pixels), other.subarray(-pixels))]).toEqual([file.length, 0]);
  });

  it("pictures are the same bytes by either gateway", async () => {
    const theirs = (code: string) =>
      python.run<Uint8Array>(`i = conn.getObject("Image", id)\n${code}`, { id: image.id });
    const bytes = "result = i.renderJpeg(1, 0, compression=0.9)";
    expect(await image.render({ z: 1, t: 0 })).toEqual(await theirs(bytes));
    const channels = [
      { index: 0, color: "F00", window: [100, 120.2] as const },
      { index: 2, color: "FFFF00" },
    ];
    const chosen = `i.setColorRenderingModel()
i.setActiveChannels([1, 3], windows=[[100.0, 120.2], [None, None]], colors=["F00", "FFFF00"])\n`;
    const half = "result = i.renderJpeg(1, 0, compression=0.5)";
    expect(await image.render({ z: 1, t: 0, model: "rgb", channels, quality: 0.5 })).toEqual(
      await theirs(chosen + half),
    );
    const projected = `${chosen}i.setProjection("intmax")\n${bytes}`;
    expect(await image.render({ z: 1, t: 0, model: "rgb", channels, projection: "intmax" })).toEqual(
      await theirs(projected),
    );
    expect(await image.thumbnail({ size: [64, 64] })).toEqual(await theirs("result = i.getThumbnail(size=(64, 64))"));
    expect(await image.thumbnail({ size: 96 })).toEqual(await theirs("result = i.getThumbnail(size=96)"));
  });
});

describe("calls", () => {
  /** Calls of each gateway, but those that close what it opened, which nobody waits for. */
  async function counted(work: () => Promise<unknown>): Promise<number> {
    calls = [];
    await work();
    return calls.filter((name) => !["close", "keepAllAlive", "keepAlive"].includes(name)).length;
  }

  it("are a quarter or less of BlitzGateway's for 100 thumbnails", async () => {
    const ids: number[] = [];
    for (let index = 0; index < 100; index++) {
      const planes = [Uint8Array.from({ length: 64 }, (_, at) => at)];
      ids.push((await connection.createImage({ name: "many", sizeX: 8, sizeY: 8, planes })).id);
    }
    await connection.getThumbnails(ids, { size: 16 });
    const theirs = await counted(() =>
      python.run(
        `result = [len(i.getThumbnail(size=(16,))) for i in conn.getObjects("Image", [int(i) for i in ids])]`,
        { ids },
      ),
    );
    const ours = await counted(() => connection.getThumbnails(ids, { size: 16 }));
    expect(ours).toBeLessThan(6);
    expect(4 * ours).toBeLessThanOrEqual(theirs);
  });

  it("are a quarter or less of BlitzGateway's for 20 planes", async () => {
    const planes = Array.from({ length: 20 }, () => new Uint16Array(64 * 48));
    const { id } = await connection.createImage({ name: "planes", sizeX: 64, sizeY: 48, sizeZ: 20, planes });
    const theirs = await counted(() =>
      python.run(
        `result = len(list(conn.getObject("Image", id).getPrimaryPixels().getPlanes([(z, 0, 0) for z in range(20)])))`,
        {
          id,
        },
      ),
    );
    const ours = await counted(async () => {
      const image = await connection.getObject("Image", id);
      for await (const { data } of image.pixels.planes()) expect(data.length).toBe(64 * 48);
    });
    expect(4 * ours).toBeLessThanOrEqual(theirs);
  });
});
