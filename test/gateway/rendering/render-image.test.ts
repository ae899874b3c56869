import { decode as decodePng } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { omeTiffOf } from "../../../src/gateway/rendering/export-tiff.js";
import { rendererOf, renderImage } from "../../../src/gateway/rendering/render-image.js";
import type { SettingsToSave } from "../../../src/gateway/rendering/render-settings.js";
import { renderingDefs, savedRendering } from "../../../src/gateway/rendering/saved-rendering.js";
import { copySettings, resetSettings, saveSettings } from "../../../src/gateway/rendering/saved-settings.js";
import { thumbnailOf, thumbnailsOf } from "../../../src/gateway/rendering/thumbnails.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { FaultProxy } from "../../faults/proxy.js";
import { type MadeImage, madeImage } from "../embedded-images.js";

let server: OmeroServer;
let connection: OmeroConnection;
let made: MadeImage;
const calls: string[] = [];

beforeAll(async () => {
  server = await startLabServer({ beforeCall: ({ operation }: ServedCall) => void calls.push(operation) });
  connection = await connectPlain(server);
  made = await madeImage(connection);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

const RED = { index: 0, color: "F00", window: [0, 120] } as const;

describe("a picture", () => {
  it("shows the channels given by their colours and windows, the others not", async () => {
    const { data, width, height } = await renderImage(connection, made.info, {
      ...{ z: 1, t: 1, model: "rgb", channels: [RED], format: "rgba" },
    });
    expect([width, height]).toEqual([16, 12]);
    const plane = made.planeOf(1, 0, 1);
    const at = plane.indexOf(60);
    expect([...data.subarray(4 * at, 4 * at + 4)]).toEqual([128, 0, 0, 255]);
    const both = await renderImage(connection, made.info, {
      ...{ z: 1, t: 1, model: "rgb", channels: [RED, { index: 1, color: "#0000FF", active: false }], format: "rgba" },
    });
    expect(both).toEqual({ data, width, height });
  });

  it("is a PNG of the same pixels, or a JPEG of some quality", async () => {
    const view = { z: 0, t: 0, model: "greyscale", channels: [RED] } as const;
    const { data } = await renderImage(connection, made.info, { ...view, format: "rgba" });
    const png = decodePng(await renderImage(connection, made.info, { ...view, format: "png" }));
    expect([png.width, png.height, png.channels]).toEqual([16, 12, 3]);
    expect([...png.data.subarray(0, 30)]).toEqual([...data].filter((_, index) => index % 4 < 3).slice(0, 30));
    const fine = await renderImage(connection, made.info, { ...view, quality: 1 });
    const coarse = await renderImage(connection, made.info, { ...view, quality: 0.1 });
    expect(decodeJpeg(fine)).toMatchObject({ width: 16, height: 12 });
    expect(coarse.length).toBeLessThan(fine.length);
  });

  it("shows a part of a plane, and sections put together", async () => {
    const region = { x: 3, y: 2, width: 5, height: 4 };
    const whole = await renderImage(connection, made.info, { z: 0, t: 0, channels: [RED], format: "rgba" });
    const part = await renderImage(connection, made.info, { z: 0, t: 0, channels: [RED], format: "rgba", region });
    const row = (2 * 16 + 3) * 4;
    expect([part.width, part.height]).toEqual([5, 4]);
    expect(part.data.subarray(0, 20)).toEqual(whole.data.subarray(row, row + 20));
    const options = { t: 0, channels: [RED], format: "rgba", projection: { kind: "intmax", z: [0, 2] } } as const;
    const greatest = await renderImage(connection, made.info, options);
    const cut = await renderImage(connection, made.info, { ...options, region });
    expect(cut.data.subarray(0, 20)).toEqual(greatest.data.subarray(row, row + 20));
    const other = await renderImage(connection, made.info, { z: 1, t: 0, channels: [RED], format: "rgba" });
    expect(greatest.data[0]).toBe(Math.max(whole.data[0]!, other.data[0]!));
    const jpeg = await renderImage(connection, made.info, { projection: "intmean", t: 0 });
    expect(decodeJpeg(jpeg).width).toBe(16);
  });

  it("is of the saved section and time point unless they are given, bright for dark where that is wanted", async () => {
    const saved = await renderImage(connection, made.info, { format: "rgba" });
    expect(saved).toEqual(await renderImage(connection, made.info, { z: 1, t: 0, format: "rgba" }));
    const grey = { z: 0, t: 0, model: "greyscale", format: "rgba" } as const;
    const plain = await renderImage(connection, made.info, { ...grey, channels: [RED] });
    const reverse = await renderImage(connection, made.info, { ...grey, channels: [{ ...RED, reverse: true }] });
    expect(reverse.data[0]).toBe(255 - plain.data[0]!);
  });

  it.each([
    [{ z: 3 }, /z is 3/],
    [{ channels: [{ index: 2 }] }, /index is 2; the image has 2 channels/],
    [{ channels: [RED, RED] }, /channel 0 is named twice/],
    [{ channels: [{ index: 0, color: "red" }] }, /is no colour/],
    [{ channels: [{ index: 0, window: [5, 1] }] }, /the lower first/],
    [{ channels: [{ index: 0, colour: "F00" }] }, /did you mean "color"/],
    [{ model: "grey" }, /model is "grey"; there are rgb, greyscale/],
    [{ format: "gif" }, /format is "gif"; there are jpeg, png, rgba/],
    [{ quality: 2 }, /quality is 2/],
    [{ quality: 0.5, format: "png" }, /for JPEGs/],
    [{ projection: "max" }, /there are intmax, intmean, intsum/],
    [{ projection: { kind: "intmax", z: [0, 4] } }, /goes over sections 0 to 4/],
    [{ projection: "intmax", region: { x: 0, y: 0, width: 1, height: 1 } }, /whole planes alone/],
    [{ region: { x: 0, y: 0, width: 17, height: 1 } }, /width is 17/],
    [{ sections: 1 }, /takes no option "sections"/],
  ])("is refused before anything is sent where it cannot be: %o", async (options, message) => {
    const before = calls.length;
    const refused = renderImage(connection, made.info, options as object);
    await expect(refused).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message });
    expect(calls.length).toBe(before);
  });

  it("is one of many with the same settings, also after a lost connection", async () => {
    const proxy = await FaultProxy.start(server.port);
    const far = await connectPlain(proxy);
    try {
      await using renderer = rendererOf(far, made.info, { channels: [RED], model: "rgb" });
      const first = await renderer.rgba({ z: 0, t: 0 });
      proxy.cutAll();
      expect(await renderer.rgba({ z: 0, t: 0 })).toEqual(first);
      expect(await renderer.rgba({ z: 1, t: 0 })).not.toEqual(first);
    } finally {
      await far.close();
      await proxy.close();
    }
  });
});

describe("settings", () => {
  it("are saved, copied to others and reset", async () => {
    const other = await madeImage(connection);
    const unlike = await madeImage(connection, { sizeC: 1 });
    await saveSettings(connection, made.info, {
      model: "greyscale",
      channels: [{ index: 1, window: [5, 77], color: "#12345680" }],
    });
    const saved = await savedRendering(connection, made.info);
    expect(saved).toMatchObject({ model: "greyscale", z: 1, t: 0 });
    expect(saved.channels).toMatchObject([{ active: false }, { active: true, window: [5, 77], color: "#12345680" }]);
    const copied = await copySettings(connection, made.info, [other.info.imageId, unlike.info.imageId]);
    expect(copied).toEqual({ done: [other.info.imageId], refused: [unlike.info.imageId] });
    expect((await savedRendering(connection, other.info)).channels).toMatchObject([
      { active: false },
      { window: [5, 77] },
    ]);
    await resetSettings(connection, made.info);
    const reset = await savedRendering(connection, made.info);
    expect(reset).toMatchObject({ model: "rgb", channels: [{ active: true, color: "#FF0000" }, { color: "#00FF00" }] });
  });

  it("are made where there are none, and pictures leave them as they are", async () => {
    const { info } = await madeImage(connection);
    const before = await savedRendering(connection, info);
    expect(before.channels).toMatchObject([{ label: "0", range: [0, 119] }, { label: "1" }]);
    await renderImage(connection, info, { channels: [{ index: 1, window: [1, 2] }], model: "greyscale" });
    expect(await savedRendering(connection, info)).toEqual(before);
  });
});

describe("every setting", () => {
  const all: SettingsToSave = {
    ...{ z: 2, t: 1, model: "greyscale", codomain: [10, 200], bitResolution: 127 },
    channels: [
      {
        ...{ index: 0, window: [5, 90], color: "#10203040", active: true, lut: null, reverse: true },
        ...{ family: "polynomial", coefficient: 1.5, noiseReduction: true },
      },
      {
        ...{ index: 1, window: [0, 119], color: "#00FF00", active: false, lut: "cool.lut", reverse: false },
        ...{ family: "logarithmic", coefficient: 1, noiseReduction: false },
      },
    ],
  };

  it("is saved, read again, and shown the same whether saved or not", async () => {
    const { info } = await madeImage(connection);
    const before = await savedRendering(connection, info);
    const { z: _z, t: _t, ...shown } = all;
    const unsaved = await renderImage(connection, info, { ...shown, z: 1, t: 0, format: "rgba" });
    expect(await savedRendering(connection, info)).toEqual(before);
    await saveSettings(connection, info, all);
    const saved = await savedRendering(connection, info);
    expect(saved.settings).toEqual(all);
    expect(await renderImage(connection, info, { z: 1, t: 0, format: "rgba" })).toEqual(unsaved);
    expect(await renderImage(connection, info, { ...before.settings, format: "rgba" })).not.toEqual(unsaved);
    await saveSettings(connection, info, { channels: [{ index: 0, noiseReduction: false }] });
    const [first, second] = (await savedRendering(connection, info)).settings.channels!;
    expect([first, second]).toEqual([{ ...all.channels![0], noiseReduction: false }, all.channels![1]]);
  });

  it("of others is listed, shown, and taken over", async () => {
    const { info } = await madeImage(connection);
    const ben = await connectPlain(server, { username: "ben", password: "pass-ben" });
    try {
      await saveSettings(connection, info, {});
      await saveSettings(ben, info, all);
      const [theirs, mine] = await renderingDefs(connection, info);
      expect(theirs).toMatchObject({ ownerId: ben.session.userId, settings: all });
      expect(await renderingDefs(connection, info, { ownerId: connection.session.userId })).toEqual([mine]);
      const options = { z: 0, t: 0, format: "rgba" } as const;
      const picture = await renderImage(ben, info, options);
      expect(await renderImage(connection, info, { ...options, settingsId: theirs!.id })).toEqual(picture);
      expect(await renderImage(connection, info, options)).not.toEqual(picture);
      await saveSettings(connection, info, theirs!.settings);
      expect(await renderImage(connection, info, options)).toEqual(picture);
      const thumbnail = await thumbnailOf(connection, info, { size: 16, settingsId: mine!.id });
      expect(thumbnail).toEqual(await thumbnailOf(connection, info, { size: 16 }));
    } finally {
      await ben.close();
    }
  });

  it.each([
    [{ channels: [{ index: 0, family: "cubic" }] }, /family of channel 0 is "cubic"; there are linear/],
    [{ channels: [{ index: 0, coefficient: 2 }] }, /coefficient of channel 0 goes with a family/],
    [{ channels: [{ index: 0, family: "linear", coefficient: 2 }] }, /goes with a family that is not linear/],
    [{ channels: [{ index: 0, family: "exponential", coefficient: 0 }] }, /coefficient of channel 0 is 0/],
    [{ channels: [{ index: 0, reverse: "yes" }] }, /reverse of channel 0 is true or false/],
    [{ channels: [{ index: 0, lut: 1 }] }, /lut of channel 0/],
    [{ channels: [{ index: 0, window: [5, 5, 5] }] }, /window of channel 0/],
    [{ channels: [{ index: 0, window: [Number.NaN, 5] }] }, /window of channel 0/],
    [{ codomain: [0, 256] }, /codomain is two whole numbers/],
    [{ codomain: [9, 9] }, /codomain is two whole numbers/],
    [{ bitResolution: 16 }, /bitResolution is 16; there are 1, 3, 7/],
    [{ level: -1 }, /level is -1/],
    [{ settingsId: "x" }, /settingsId "x" is no id/],
  ])("that cannot be is refused before anything is sent: %j", async (options, message) => {
    const before = calls.length;
    await expect(renderImage(connection, made.info, options as object)).rejects.toThrow(message);
    expect(() => rendererOf(connection, made.info, options as object)).toThrow(message);
    expect(calls.length).toBe(before);
  });

  it("that is not to be saved is refused, and levels that are not there", async () => {
    await expect(saveSettings(connection, made.info, { level: 0 } as object)).rejects.toThrow(/no option "level"/);
    await expect(saveSettings(connection, made.info, { z: 3 })).rejects.toThrow(/z is 3/);
    await expect(renderImage(connection, made.info, { level: 1 })).rejects.toThrow(/level is 1; the image has 1/);
    const whole = await renderImage(connection, made.info, { level: 0, z: 0, t: 0, format: "rgba" });
    expect(whole).toEqual(await renderImage(connection, made.info, { z: 0, t: 0, format: "rgba" }));
  });
});

describe("an OME-TIFF", () => {
  it("comes in parts, of which its size is told", async () => {
    const told: unknown[] = [];
    const parts: Uint8Array[] = [];
    const onProgress = ({ done, total }: { done: number; total: number | undefined }) => void told.push([done, total]);
    for await (const part of omeTiffOf(connection, made.info, { onProgress })) parts.push(part);
    const file = Buffer.concat(parts);
    expect(["II*\0", "MM\0*"]).toContain(file.toString("latin1", 0, 4));
    expect(file.length).toBeGreaterThan(16 * 12 * 2 * 12);
    expect(told).toEqual([
      [0, file.length],
      [file.length, file.length],
    ]);
    await expect(omeTiffOf(connection, made.info, { chunk: 1 } as object).next()).rejects.toThrow(/no option "chunk"/);
  });
});

describe("those who may only read", () => {
  it("see images by their owners' settings, and are told where there are none yet", async () => {
    const closed = await startLabServer({
      groups: [{ name: "lab", permissions: "rwr---" }],
      users: ["ana", "ben"].map((name) => ({ name, password: `pass-${name}`, groups: ["lab"] })),
      objects: [],
    });
    const [owner, reader] = await Promise.all(
      ["ana", "ben"].map((username) => connectPlain(closed, { username, password: `pass-${username}` })),
    );
    try {
      const { info } = await madeImage(owner!);
      await expect(renderImage(reader!, info)).rejects.toMatchObject({ code: "NOT_PERMITTED", message: /its owner/ });
      await expect(savedRendering(reader!, info)).rejects.toMatchObject({ code: "NOT_PERMITTED" });
      expect(decodeJpeg(await thumbnailOf(reader!, info)).width).toBe(96);
      const picture = await renderImage(owner!, info);
      expect(await renderImage(reader!, info)).toEqual(picture);
      expect(await savedRendering(reader!, info)).toEqual(await savedRendering(owner!, info));
      await expect(saveSettings(reader!, info, {})).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
    } finally {
      await Promise.all([owner!.close(), reader!.close()]);
      await closed.close();
    }
  });
});

describe("thumbnails", () => {
  it("are as large as asked for", async () => {
    const size = async (options: object) => {
      const { width, height } = decodeJpeg(await thumbnailOf(connection, made.info, options));
      return [width, height];
    };
    expect(await size({})).toEqual([96, 72]);
    expect(await size({ size: 32 })).toEqual([32, 24]);
    expect(await size({ size: [40, 20], z: 1, t: 1 })).toEqual([40, 20]);
    expect(await size({ size: 32, z: 2 })).toEqual([32, 24]);
    await expect(thumbnailOf(connection, made.info, { size: 0 })).rejects.toThrow(/size is 0/);
  });

  it("of many images come by one call, those that are not there left out", async () => {
    const others = [await madeImage(connection), await madeImage(connection)];
    const ids = [others[1]!.info.imageId, 4711, made.info.imageId, others[0]!.info.imageId];
    const before = calls.length;
    const pictures = await thumbnailsOf(connection, ids, { size: 20 });
    expect([...pictures.keys()]).toEqual(ids.filter((id) => id !== 4711));
    expect(decodeJpeg(pictures.get(made.info.imageId)!).width).toBe(20);
    const made4 = calls.slice(before).filter((name) => name !== "close" && name !== "addProxies");
    expect(made4).toEqual(["projection", "createThumbnailStore", "getThumbnailByLongestSideSet"]);
    expect((await thumbnailsOf(connection, [])).size).toBe(0);
  });
});
