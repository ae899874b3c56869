/** Settings as calls of a rendering engine. */
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { Family, IPixels, RenderingEngine, RenderingModel } from "../../connect/ice/schema/omero.js";
import { ServerError } from "../../errors.js";
import { parseColor } from "./colors.js";
import type { ChannelView, QuantumFamily, RenderSettings, SettingsToSave } from "./render-settings.js";

/** Settings with the server's objects for the names in them. */
export interface SettingsToApply extends RenderSettings, SettingsToSave {
  readonly renderingModel: RenderingModel | undefined;
  readonly families: ReadonlyMap<QuantumFamily, Family>;
}

interface EngineCall {
  readonly context: Readonly<Record<string, string>>;
}

/** Asks the server for the objects that stand for names. */
export async function settingsToApply(
  pixels: IPixels,
  settings: RenderSettings & SettingsToSave,
): Promise<SettingsToApply> {
  const { model, channels = [] } = settings;
  const names = [...new Set(channels.flatMap(({ family }) => family ?? []))];
  const families = names.map(async (name) => [name, await enumeration<Family>(pixels, "Family", name)] as const);
  const renderingModel = model && (await enumeration<RenderingModel>(pixels, "RenderingModel", model));
  return { ...settings, renderingModel, families: new Map(await Promise.all(families)) };
}

async function enumeration<Entry>(pixels: IPixels, type: string, name: string): Promise<Entry> {
  const entry = await pixels.getEnumeration(`omero.model.${type}`, name);
  if (entry) return entry as Entry;
  throw new ServerError("SERVER_FAILURE", `the server knows no ${type} ${name}`);
}

/** Has an engine, which shows an image as saved, show it by settings. A server bears one call at a time. */
export async function applySettings(
  engine: RenderingEngine,
  settings: SettingsToApply,
  sizeC: number,
  call: EngineCall,
): Promise<void> {
  const { renderingModel, codomain, bitResolution, z, t } = settings;
  if (renderingModel !== undefined) await engine.setModel(renderingModel, call);
  if (bitResolution !== undefined) await engine.setQuantumStrategy(bitResolution, call);
  if (codomain !== undefined) await engine.setCodomainInterval(codomain[0], codomain[1], call);
  if (z !== undefined) await engine.setDefaultZ(z, call);
  if (t !== undefined) await engine.setDefaultT(t, call);
  await applyChannels(engine, settings, sizeC, call);
}

async function applyChannels(
  engine: RenderingEngine,
  { channels, families }: SettingsToApply,
  sizeC: number,
  call: EngineCall,
): Promise<void> {
  if (channels === undefined) return;
  const views = new Map(channels.map((channel) => [channel.index, channel]));
  for (let index = 0; index < sizeC; index++) {
    const view = views.get(index);
    await engine.setActive(index, view !== undefined && view.active !== false, call);
    if (view === undefined) continue;
    await applyQuantization(engine, view, families, call);
    if (view.window !== undefined) await engine.setChannelWindow(index, view.window[0], view.window[1], call);
    await applyColor(engine, view, call);
    await applyReverse(engine, view, call);
  }
}

/** A server is told of all three at once: what is not said is asked for. */
async function applyQuantization(
  engine: RenderingEngine,
  { index, family, coefficient = 1, noiseReduction }: ChannelView,
  families: SettingsToApply["families"],
  call: EngineCall,
): Promise<void> {
  if (family === undefined && noiseReduction === undefined) return;
  const [curve, factor] =
    family === undefined
      ? [await engine.getChannelFamily(index, call), await engine.getChannelCurveCoefficient(index, call)]
      : [families.get(family)!, coefficient];
  const reduces = noiseReduction ?? (await engine.getChannelNoiseReduction(index, call));
  await engine.setQuantizationMap(index, curve, factor, reduces, call);
}

async function applyColor(
  engine: RenderingEngine,
  { index, color, lut }: ChannelView,
  call: EngineCall,
): Promise<void> {
  if (color !== undefined) {
    const { red, green, blue, alpha } = parseColor(color);
    await engine.setRGBA(index, red, green, blue, alpha, call);
  }
  // A colour takes the place of a table.
  const table = lut === undefined && color !== undefined ? null : lut;
  if (table !== undefined) await engine.setChannelLookupTable(index, table ?? "", call);
}

async function applyReverse(engine: RenderingEngine, { index, reverse }: ChannelView, call: EngineCall): Promise<void> {
  if (reverse === undefined) return;
  const map = createInstance("::omero::romio::ReverseIntensityMapContext");
  await engine.removeCodomainMapFromChannel(map, index, call);
  if (reverse) await engine.addCodomainMapToChannel(map, index, call);
}
