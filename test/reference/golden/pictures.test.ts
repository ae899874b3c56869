/** Pictures by the gateway, pixel by pixel as a real server makes them. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import "../../../src/gateway/index.js";
import type { RenderImageOptions } from "../../../src/gateway/index.js";
import type { RgbaPicture } from "../../../src/gateway/rendering/pictures.js";
import { connectPlain } from "../../connect/embedded.js";
import { GoldenWorld, goldenAnswers } from "./golden-world.js";

let world: GoldenWorld;
let connection: OmeroConnection;
let ids: Record<string, number>;
let answers: Record<string, string>;

beforeAll(async () => {
  world = await GoldenWorld.make();
  ids = await world.json("ids.json");
  answers = await goldenAnswers("services.json");
  connection = await connectPlain(world.server, { username: "user", password: "pass" });
});
afterAll(async () => {
  await connection?.close();
  await world?.[Symbol.asyncDispose]();
});

/** Number of pixels, a checksum of them as int64, and the first ten. */
function described({ data }: RgbaPicture): string {
  const pixels = Array.from({ length: data.length / 4 }, (_, index) => {
    const [red, green, blue, alpha] = data.subarray(4 * index, 4 * index + 4);
    return ((alpha! << 24) | (red! << 16) | (green! << 8) | blue!) >>> 0;
  });
  const sum = createHash("sha1")
    .update(new Uint8Array(BigInt64Array.from(pixels, BigInt).buffer))
    .digest("hex");
  const first = pixels.slice(0, 10).map((pixel) => pixel.toString(16).padStart(8, "0"));
  return `${pixels.length} ${sum.slice(0, 12)} | ${first.join(" ")}`;
}

const FULL = { index: 0, window: [0, 999] } as const;
const [SECOND, THIRD] = [{ index: 1 }, { index: 2 }];
const PICTURES: Record<string, RenderImageOptions> = {
  default: { z: 1 },
  "proj MAXIMUMINTENSITY": { projection: { kind: "intmax", z: [0, 3] } },
  "proj MEANINTENSITY": { projection: { kind: "intmean", z: [0, 3] } },
  "proj SUMINTENSITY": { projection: { kind: "intsum", z: [0, 3] } },
  colour: { channels: [{ index: 0, color: "FF800A" }, SECOND, THIRD] },
  alpha: { channels: [{ index: 0, color: "#FF000080" }, SECOND, THIRD] },
  window: { channels: [{ index: 0, window: [100, 120.2] }, SECOND, THIRD] },
  "window wide": { channels: [{ index: 0, window: [-50, 2000] }, SECOND, THIRD] },
  reverse: { channels: [FULL, { index: 1, reverse: true }, THIRD] },
  greyscale: { model: "greyscale", channels: [FULL, SECOND, THIRD] },
  "greyscale second": { model: "greyscale", channels: [SECOND, THIRD] },
  "two of three": { model: "rgb", channels: [SECOND, THIRD] },
  "none active": { channels: [] },
  white: { channels: [FULL, { index: 1, color: "#FFFFFF" }, THIRD] },
};

it("shows an image by many settings as a real server does", async () => {
  const image = await connection.getObject("Image", ids.image!);
  const known = Object.entries(PICTURES).filter(([name]) => answers[`packed ${name}`] !== undefined);
  expect(known.length).toBeGreaterThan(9);
  for (const [name, options] of known) {
    const picture = await image.render({ z: 0, t: 0, ...options, format: "rgba" });
    expect([name, described(picture)]).toEqual([name, answers[`packed ${name}`]]);
  }
});

it("shows pixels of every type as a real server does", async () => {
  const names = Object.keys(ids).filter((name) => answers[`packed type ${name}`] !== undefined);
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) {
    const image = await connection.getObject("Image", ids[name]!);
    const picture = await image.render({ z: 0, t: 0, format: "rgba" });
    expect([name, described(picture)]).toEqual([name, answers[`packed type ${name}`]]);
  }
});
