import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../../../src/connect/index.js";
import { createImage } from "../../../../src/gateway/pixels/create/create-image.js";
import { ImagePixels } from "../../../../src/gateway/pixels/image-pixels.js";
import { findPixelsInfo } from "../../../../src/gateway/pixels/pixels-info.js";
import { savedRendering } from "../../../../src/gateway/rendering/saved-rendering.js";
import type { OmeroServer, ServedCall } from "../../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../../connect/embedded.js";
import { FaultProxy } from "../../../faults/proxy.js";
import { madeImage } from "../../embedded-images.js";

let server: OmeroServer;
let connection: OmeroConnection;
let beforeCall: (call: ServedCall) => void | Promise<void> = () => {};

beforeAll(async () => {
  server = await startLabServer({
    objects: [
      { type: "Image", id: 1 },
      { type: "Dataset", id: 5 },
      { type: "Dataset", id: 6, group: "other" },
    ],
    beforeCall: (call) => beforeCall(call),
  });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

const plane = (first = 0) => Uint8Array.from({ length: 20 }, (_, index) => first + index);

async function imagesNamed(name: string): Promise<number> {
  const rows = await connection.getQueryService().projection(`select i.id from Image i where i.name = '${name}'`, null);
  return rows.length;
}

describe("createImage", () => {
  it("makes an image with channels, in the dataset's group", async () => {
    const info = await createImage(connection, {
      name: "new",
      description: "of arrays",
      sizeC: 2,
      planes: [plane(), plane(7)].map((data) => ({ data, shape: [4, 5] })),
      channels: [{ label: "DAPI", color: "#0000FF" }, { color: "#FF00FF80" }],
      datasetId: 6,
    });
    expect(info).toMatchObject({ type: "uint8", sizeX: 5, sizeY: 4, sizeC: 2, sizeZ: 1 });
    const links = await connection
      .getQueryService()
      .projection("select l.child.id, l.child.description from DatasetImageLink l where l.parent.id = 6", null, {
        context: { "omero.group": "-1" },
      });
    expect(links).toMatchObject([[{ val: BigInt(info.imageId) }, { val: "of arrays" }]]);
    const { channels } = await savedRendering(connection, info);
    expect(channels).toMatchObject([
      { label: "DAPI", color: "#0000FF", range: [0, 19] },
      { label: "1", color: "#FF00FF80", range: [7, 26] },
    ]);
  });

  it("takes planes from an image, whose metadata stays", async () => {
    const { info, pixels, planeOf } = await madeImage(connection);
    const { sizeZ, sizeT } = info;
    async function* means() {
      for (let z = 0; z < sizeZ; z++) {
        for (let t = 0; t < sizeT; t++) {
          const [one, other] = await Promise.all([pixels.getPlane({ z, c: 0, t }), pixels.getPlane({ z, c: 1, t })]);
          yield { data: Float32Array.from(one.data, (value, at) => (value + other.data[at]!) / 2), shape: one.shape };
        }
      }
    }
    const made = await createImage(connection, {
      name: "mean",
      sizeZ,
      sizeT,
      sourceImageId: info.imageId,
      planes: means(),
    });
    expect(made).toMatchObject({ type: "float", sizeC: 1, sizeX: 16 });
    const { data } = await new ImagePixels(connection, made).getPlane({ z: 2, t: 1 });
    expect(data[5]).toBe((planeOf(2, 0, 1)[5]! + planeOf(2, 1, 1)[5]!) / 2);
    const copy = await createImage(connection, { name: "copy", sizeZ, sizeC: 2, sizeT, planes: pixels.planes() });
    const again = await new ImagePixels(connection, copy).getPlane({ z: 1, c: 1, t: 0 });
    expect(again.data).toEqual(planeOf(1, 1, 0));
  });

  it("sends a large plane in the tiles that the server wants, row by row", async () => {
    const [sizeX, sizeY] = [3300, 3150];
    const data = Uint8Array.from({ length: sizeX * sizeY }, (_, index) => index % 251);
    const operations: string[] = [];
    beforeCall = ({ operation }) => void operations.push(operation);
    const info = await createImage(connection, { name: "large", sizeX, sizeY, planes: [data] });
    beforeCall = () => {};
    expect(operations.filter((name) => name === "setTile")).toHaveLength(10);
    expect(operations).not.toContain("setPlane");
    const read = await new ImagePixels(connection, info).getPlane();
    expect(Buffer.compare(read.data as Uint8Array, data)).toBe(0);
  });

  it.each([
    ["no name", { name: "" }, /has a name/],
    ["no planes", { planes: [] }, /There are no planes/],
    ["no size", { sizeX: undefined }, /give sizeX and sizeY/],
    ["int64", { planes: [new BigInt64Array(20)] as never }, /not BigInt64Array/],
    ["no array", { planes: ["x"] as never }, /typed array of 8, 16 or 32/],
    ["a count", { sizeZ: 0 }, /sizeZ is 0/],
    ["an option", { sizez: 1 } as object, /did you mean "sizeZ"/],
    ["a dataset that is not there", { datasetId: 77 }, /There is no Dataset 77/],
  ])("refuses what cannot be, before anything is made: %s", async (_, options, message) => {
    const wrong = createImage(connection, { name: "wrong", sizeX: 5, sizeY: 4, planes: [plane()], ...options });
    await expect(wrong).rejects.toThrow(message);
    expect(await imagesNamed("wrong")).toBe(0);
  });

  it("leaves nothing of an image whose planes fail, are too few, too many, or differ", async () => {
    const failing = async function* () {
      yield plane();
      throw new Error("the disk is gone");
    };
    const options = { name: "half", sizeX: 5, sizeY: 4, sizeZ: 2 };
    const cause = { message: "the disk is gone" };
    await expect(createImage(connection, { ...options, planes: failing() })).rejects.toMatchObject({
      code: "SOURCE_FAILED",
      cause,
    });
    await expect(createImage(connection, { ...options, planes: [plane()] })).rejects.toThrow(
      /has 2 planes, but 1 were given/,
    );
    const many = [plane(), plane(), plane()];
    await expect(createImage(connection, { ...options, planes: many })).rejects.toThrow(
      /has 2 planes, but more were given/,
    );
    const other = [plane(), new Uint16Array(20)];
    await expect(createImage(connection, { ...options, planes: other })).rejects.toThrow(
      /Plane 1 is a Uint16Array.* uint8/,
    );
    const short = [plane(), plane().subarray(1)];
    await expect(createImage(connection, { ...options, planes: short })).rejects.toThrow(/Plane 1 has 19 elements/);
    expect(await imagesNamed("half")).toBe(0);
  });

  it("leaves nothing where the server refuses, and says so", async () => {
    beforeCall = ({ operation }) => {
      if (operation === "setChannelGlobalMinMax") throw new Error("not today");
    };
    const refused = createImage(connection, { name: "refused", sizeX: 5, sizeY: 4, planes: [plane()] });
    await expect(refused).rejects.toMatchObject({ code: "UPLOAD_FAILED", message: /nothing of it is on the server/ });
    beforeCall = () => {};
    expect(await imagesNamed("refused")).toBe(0);
  });

  it("stops when the signal fires, asks for no more planes, and leaves nothing", async () => {
    const ending = new AbortController();
    let isClosed = false;
    const endless = async function* () {
      try {
        for (;;) {
          yield plane();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      } finally {
        isClosed = true;
      }
    };
    setTimeout(() => ending.abort(), 50);
    const { signal } = ending;
    const options = { name: "endless", sizeX: 5, sizeY: 4, sizeT: 100_000, signal };
    await expect(createImage(connection, { ...options, planes: endless() })).rejects.toMatchObject({ code: "ABORTED" });
    expect(isClosed).toBe(true);
    expect(await imagesNamed("endless")).toBe(0);
  });
});

describe("a connection that is lost", () => {
  /** Loses the connection when the operation has come for the n-th time; what was sent is done. */
  async function lostAt(operation: string, time: number): Promise<string[]> {
    const proxy = await FaultProxy.start(server.port);
    const far = await connectPlain(proxy);
    const seen: string[] = [];
    beforeCall = (call) => {
      seen.push(call.operation);
      if (call.operation === operation && seen.filter((name) => name === operation).length === time) proxy.cutAll();
    };
    try {
      const options = { name: "lost", sizeX: 5, sizeY: 4, sizeT: 9 };
      const planes = Array.from({ length: 9 }, () => plane());
      await expect(createImage(far, { ...options, planes })).rejects.toMatchObject({ code: expect.any(String) });
    } finally {
      beforeCall = () => {};
      await far.close();
      await proxy.close();
    }
    return seen;
  }

  it.each([
    ["createImage", 1],
    ["setPlane", 4],
    ["save", 1],
    ["setChannelGlobalMinMax", 1],
  ])("leaves nothing of the image, and what writes is not repeated: at %s", async (operation, time) => {
    const seen = await lostAt(operation, time);
    expect(seen.filter((name) => name === operation)).toHaveLength(time);
    expect(await imagesNamed("lost")).toBe(0);
  });
});

describe("findPixelsInfo", () => {
  it("says whether it is the image or its pixels that are not there", async () => {
    await expect(findPixelsInfo(connection, 4711)).rejects.toThrow("There is no Image 4711");
    await expect(findPixelsInfo(connection, 1)).rejects.toThrow("Image 1 has no pixels");
  });
});
