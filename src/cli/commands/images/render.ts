import { type Command, InvalidArgumentError, Option } from "commander";
import type { ChannelView, Image, PictureFormat, PictureRegion, ProjectionKind } from "../../../gateway/index.js";
import { type ServerFlags, withServer } from "../../options/connection.js";
import { jsonOption } from "../../options/tables.js";
import { count } from "../../options/values.js";
import { tellFile } from "../../output.js";
import { imageId, withImage, writeTarget } from "./named-image.js";

interface RenderFlags extends ServerFlags {
  readonly output: string;
  readonly format?: "jpeg" | "png";
  readonly z?: number;
  readonly t?: number;
  readonly channel?: ChannelView[];
  readonly model?: "rgb" | "greyscale";
  readonly projection?: ProjectionKind;
  readonly region?: PictureRegion;
  readonly quality?: number;
  readonly thumbnail?: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

export function addRender(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("render")))
    .description("make a picture of an image")
    .argument("<image>", "for example Image:5", imageId)
    .requiredOption("-o, --output <path>", "the file to make, by its name a JPEG or PNG; - is standard output")
    .addOption(new Option("--format <format>", "whatever the file is called").choices(["jpeg", "png"]))
    .option("--z <number>", "section, from 0", count)
    .option("--t <number>", "time point, from 0", count)
    .option("-c, --channel <channel...>", "channels to show: 0, or 0:#00FF00:100..800, or 1:cool.lut", channel)
    .addOption(new Option("--model <model>").choices(["rgb", "greyscale"]))
    .addOption(new Option("--projection <kind>", "put sections together").choices(["intmax", "intmean", "intsum"]))
    .option("--region <x,y,width,height>", "part of the plane, in pixels", region)
    .option("--quality <number>", "of a JPEG, 0 to 1", Number)
    .option("--thumbnail <pixels>", "a small picture by the saved settings, its longest side so long", count)
    .option("--overwrite", "replace the file if it exists", false)
    .action(async (id: bigint, options: RenderFlags) => {
      const format = options.format ?? (/\.png$/i.test(options.output) ? "png" : "jpeg");
      const picture = await withImage(id, options, signal, (image) => pictureOf(image, options, format, signal));
      await writeTarget(options.output, picture, options.overwrite);
      const { output: path } = options;
      const told = { image: Number(id), path, format, bytes: picture.length };
      tellFile(`Image ${id}`, told, options);
    });
}

function pictureOf(
  image: Image,
  { thumbnail, z, t, channel: channels, model, projection, region: part, quality }: RenderFlags,
  format: Exclude<PictureFormat, "rgba">,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (thumbnail !== undefined) return image.thumbnail({ size: thumbnail, z, t, signal });
  return image.render({ z, t, channels, model, projection, region: part, quality, format, signal });
}

/** `0`, with a colour, a window and a lookup table after colons, in any order. */
function channel(text: string, before: ChannelView[] = []): ChannelView[] {
  const [index, ...parts] = text.split(":");
  if (!/^\d+$/.test(index!)) throw new InvalidArgumentError("a channel begins with its number, from 0: 0:#00FF00");
  return [...before, Object.assign({ index: Number(index) }, ...parts.map(channelPart)) as ChannelView];
}

function channelPart(part: string): Partial<ChannelView> {
  const window = /^(-?[\d.]+(?:e[+-]?\d+)?)\.\.(-?[\d.]+(?:e[+-]?\d+)?)$/i.exec(part);
  if (window) return { window: [Number(window[1]), Number(window[2])] };
  if (part.endsWith(".lut")) return { lut: part };
  if (part === "reverse") return { reverse: true };
  if (/^#?[0-9a-f]+$/i.test(part)) return { color: part };
  throw new InvalidArgumentError(`"${part}" is no colour (#00FF00), window (100..800) or lookup table (cool.lut)`);
}

function region(text: string): PictureRegion {
  const match = /^(\d+),(\d+),(\d+),(\d+)$/.exec(text);
  if (!match) throw new InvalidArgumentError("write x,y,width,height");
  const [x, y, width, height] = match.slice(1).map(Number);
  return { x: x!, y: y!, width: width!, height: height! };
}
