import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { DataError, FileError } from "../../../errors.js";
import type { Image, RoiList } from "../../../gateway/index.js";
import { type ServerFlags, withServer } from "../../options/connection.js";
import { jsonOption } from "../../options/tables.js";
import { count, names } from "../../options/values.js";
import { counted, print, printCells, printJson } from "../../output.js";
import { imageId, withImage, writeTarget } from "./named-image.js";

interface RoisFlags extends ServerFlags {
  readonly output?: string;
  readonly input?: string;
  readonly remove?: string[];
  readonly z?: number;
  readonly t?: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

export function addRois(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("rois")))
    .description("list the regions of an image, write them as GeoJSON, draw those of a GeoJSON file, or remove some")
    .argument("<image>", "for example Image:5", imageId)
    .option("-o, --output <path>", "write them as GeoJSON; - is standard output")
    .addOption(new Option("-i, --input <path>", "draw the regions of a GeoJSON file").conflicts(["output", "remove"]))
    .addOption(
      new Option("--remove <id...>", "remove regions by their ids, with commas or spaces between")
        .argParser(names)
        .conflicts(["output", "input"]),
    )
    .option("--z <number>", "only those in a section, with --t", count)
    .option("--t <number>", "only those at a time point, with --z", count)
    .option("--overwrite", "replace the file if it exists", false)
    .action((id: bigint, options: RoisFlags) =>
      withImage(id, options, signal, async (image) => {
        if (options.input !== undefined) return draw(image, options.input, options, signal);
        if (options.remove !== undefined) return remove(image, options.remove, options, signal);
        const { z, t } = options;
        const rois = await image.rois({ z, t, signal });
        if (options.output === undefined) list(rois, options);
        else await write(rois, options.output, options);
      }),
    );
}

function list(rois: RoiList, { json }: RoisFlags): void {
  for (const roi of rois) {
    if (json) printJson(roi);
    else printCells(roi.id, roi.name ?? "", roi.shapes.map(({ type }) => type).join(" "));
  }
  if (!json) print(`${counted(rois.length, "region")}, ${counted(rois.shapes.length, "shape")}`);
}

async function write(rois: RoiList, path: string, { overwrite, json }: RoisFlags): Promise<void> {
  const geojson = rois.toGeoJSON();
  await writeTarget(path, Buffer.from(`${JSON.stringify(geojson)}\n`), overwrite);
  if (path === "-") return;
  const told = { path, rois: rois.length, features: geojson.features.length };
  if (json) printJson(told);
  else print(`${counted(told.rois, "region")}, ${counted(told.features, "shape")} in ${path}`);
}

async function draw(image: Image, path: string, { json }: RoisFlags, signal: AbortSignal): Promise<void> {
  const { roisFromGeoJSON } = await import("../../../gateway/index.js");
  const made = await image.createRois(roisFromGeoJSON(await readJson(path)), { signal });
  if (json) for (const roi of made) printJson(roi);
  else print(`${counted(made.length, "region")} drawn on Image ${image.id}: ${made.map(({ id }) => id).join(" ")}`);
}

async function remove(image: Image, ids: string[], { json }: RoisFlags, signal: AbortSignal): Promise<void> {
  await image.removeRois(ids, { signal });
  if (json) printJson({ removed: ids.map(BigInt) });
  else print(`${counted(ids.length, "region")} removed`);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new FileError("CANNOT_READ_FILE", `${path} cannot be read: ${cause.message}`, { path, cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError("MALFORMED_FILE", `${path} is no JSON`, { path, cause });
  }
}
