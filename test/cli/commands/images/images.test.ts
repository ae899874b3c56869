/** The commands for pictures and regions against the embedded server. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode as decodePng } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../../../src/connect/index.js";
import { createRois, findRois } from "../../../../src/gateway/rois/image-rois.js";
import type { OmeroServer } from "../../../../src/server/index.js";
import { connectPlain, startLabServer, USER } from "../../../connect/embedded.js";
import { type MadeImage, madeImage } from "../../../gateway/embedded-images.js";

const main = fileURLToPath(new URL("../../../../dist/cli/main.js", import.meta.url));
let server: OmeroServer;
let connection: OmeroConnection;
let made: MadeImage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "images-cli-"));
  server = await startLabServer();
  connection = await connectPlain(server);
  made = await madeImage(connection);
});
afterAll(async () => {
  await connection.close();
  await server.close();
  await rm(folder, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly output: Buffer;
  readonly text: string;
  readonly errors: string;
}

function omero2frame(...words: string[]): Promise<Outcome> {
  const env = { PATH: process.env.PATH, HOME: folder, OMERO_USERDIR: folder, OMERO_PASSWORD: USER.password };
  const login = ["--server", `tcp://127.0.0.1:${server.port}`, "--user", USER.username];
  return new Promise((resolve) => {
    const options = { env, cwd: folder, encoding: "buffer" } as const;
    execFile(process.execPath, [main, ...words, ...login], options, (error, output, errors) => {
      resolve({ code: Number(error?.code ?? 0), output, text: output.toString(), errors: errors.toString() });
    });
  });
}

describe("omero2frame render", () => {
  it("makes a PNG of the channels, plane and part asked for, and tells of it", async () => {
    const image = `Image:${made.info.imageId}`;
    const view = ["--z", "1", "--t", "1", "--channel", "0:F00:0..120", "--model", "rgb", "--region", "3,2,5,4"];
    const told = await omero2frame("render", image, "-o", "a.png", ...view, "--json");
    expect(told).toMatchObject({ code: 0, errors: "" });
    expect(JSON.parse(told.text)).toMatchObject({ image: made.info.imageId, path: "a.png", format: "png" });
    const { width, height, data } = decodePng(await readFile(join(folder, "a.png")));
    const value = made.planeOf(1, 0, 1)[2 * 16 + 3]!;
    expect([width, height, ...data.subarray(0, 3)]).toEqual([5, 4, Math.round((value / 120) * 255), 0, 0]);
  });

  it("makes JPEGs and thumbnails, on standard output too", async () => {
    const id = String(made.info.imageId);
    const { output, errors } = await omero2frame("render", id, "-o", "-", "--quality", "0.5", "--projection", "intmax");
    expect(decodeJpeg(output)).toMatchObject({ width: 16, height: 12 });
    expect(errors).toContain(`Image ${id} in -`);
    expect((await omero2frame("render", id, "-o", "b.jpg", "--thumbnail", "32")).text).toBe(`Image ${id} in b.jpg\n`);
    expect(decodeJpeg(await readFile(join(folder, "b.jpg"))).width).toBe(32);
    expect(await omero2frame("render", id, "-o", "b.jpg")).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/b.jpg/),
    });
  });

  it.each([
    [["Dataset:1"], /write an image's id/],
    [["1", "--channel", "x"], /a channel begins with its number/],
    [["1", "--channel", "0:red!"], /is no colour/],
    [["1", "--region", "1,2"], /x,y,width,height/],
    [["1", "--projection", "max"], /there are intmax/],
    [["1"], /Image 1 has no pixels/],
    [["4711"], /no Image 4711/],
  ])("says what is wrong: %o", async (words, message) => {
    const { code, errors } = await omero2frame("render", ...words, "-o", "c.png");
    expect(code).not.toBe(0);
    expect(errors).toMatch(message);
  });
});

describe("omero2frame rois", () => {
  it("lists regions, writes them as GeoJSON, draws them again, and removes them", async () => {
    const [roi] = await createRois(connection, made.info, [
      { name: "nucleus", shapes: [{ type: "Ellipse", x: 5, y: 5, radiusX: 2, radiusY: 1, z: 0, t: 0 }] },
    ]);
    const id = String(made.info.imageId);
    expect((await omero2frame("rois", id)).text).toBe(`${roi!.id}\tnucleus\tEllipse\n1 region, 1 shape\n`);
    expect(JSON.parse((await omero2frame("rois", id, "--json")).text)).toEqual(roi);
    expect((await omero2frame("rois", id, "-o", "a.geojson")).text).toBe("1 region, 1 shape in a.geojson\n");
    expect(JSON.parse((await omero2frame("rois", id, "-o", "-")).text)).toMatchObject({ type: "FeatureCollection" });
    const drawn = await omero2frame("rois", id, "--input", "a.geojson", "--json");
    expect(JSON.parse(drawn.text)).toMatchObject({ name: "nucleus", shapes: [{ type: "Ellipse", radiusX: 2 }] });
    const all = await findRois(connection, made.info);
    expect(all.length).toBe(2);
    const removed = await omero2frame("rois", id, "--remove", String(all.at(0)!.id), String(all.at(1)!.id));
    expect(removed.text).toBe("2 regions removed\n");
    expect((await omero2frame("rois", id, "--z", "0", "--t", "0")).text).toBe("0 regions, 0 shapes\n");
  });

  it("says what is wrong with a file", async () => {
    await writeFile(join(folder, "bad.geojson"), "{");
    const id = String(made.info.imageId);
    expect((await omero2frame("rois", id, "--input", "bad.geojson")).errors).toContain("bad.geojson is no JSON");
    expect((await omero2frame("rois", id, "--input", "none.geojson")).errors).toContain("cannot be read");
    expect((await omero2frame("rois", id, "--input", "a.geojson", "-o", "b")).code).not.toBe(0);
  });
});
