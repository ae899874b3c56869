/** Rendering settings as the model has them: RenderingDef, QuantumDef and a ChannelBinding for each channel. */
import { rbool, rdouble, rint, rstring } from "../../../rtypes.js";
import { planFrom } from "../../hql/grammar/fetch-plan.js";
import type { StoredObject } from "../../model/object-store.js";
import type { StoredPixels } from "../../pixels/stored-pixels.js";
import type { Access } from "../../world/access.js";
import { changeStored, createStored } from "../../world/create-stored.js";
import type { World } from "../../world/world.js";
import type { ChannelSettings, FamilyName, ModelName, RenderingSettings } from "./rendering-settings.js";

/** What of a RenderingDef is sent with it. */
export const RENDERING_PLAN = planFrom({
  details: { owner: {} },
  model: {},
  quantization: {},
  waveRendering: { family: {}, spatialDomainEnhancement: {} },
  projections: {},
});

const REVERSE = "ReverseIntensityContext";

/** @param userId -1 for everybody's. @returns those last changed first. */
export function settingsOf(world: World, access: Access, pixelsId: bigint, userId: bigint): StoredObject[] {
  return world.store
    .referring("RenderingDef", "pixels", { className: "Pixels", id: pixelsId })
    .filter((settings) => access.canRead(settings) && (userId < 0n || settings.owner === userId))
    .sort((a, b) => b.updated - a.updated || (a.id < b.id ? 1 : -1));
}

/** The user's own settings, else those of the pixels' owner. */
export function findSettings(world: World, access: Access, pixels: StoredPixels): StoredObject | undefined {
  const [mine] = settingsOf(world, access, pixels.id, access.user.id);
  return mine ?? settingsOf(world, access, pixels.id, pixels.object.owner)[0];
}

export function readSettings(world: World, object: StoredObject): RenderingSettings {
  const { values } = object;
  const quantization = world.referenced(object, "quantization");
  const bindings = world.store.referring("ChannelBinding", "renderingDef", object);
  return {
    id: object.id,
    quantizationId: quantization?.id,
    owner: object.owner,
    defaultZ: numberOf(values.defaultZ, 0),
    defaultT: numberOf(values.defaultT, 0),
    model: nameOf(world, object, "model", "greyscale") as ModelName,
    cdStart: numberOf(quantization?.values.cdStart, 0),
    cdEnd: numberOf(quantization?.values.cdEnd, 255),
    bitResolution: numberOf(quantization?.values.bitResolution, 255),
    channels: bindings.map((binding) => readChannel(world, binding)),
  };
}

function readChannel(world: World, binding: StoredObject): ChannelSettings {
  const { values } = binding;
  return {
    id: binding.id,
    active: booleanOf(values.active),
    family: nameOf(world, binding, "family", "linear") as FamilyName,
    coefficient: numberOf(values.coefficient, 1),
    noiseReduction: booleanOf(values.noiseReduction),
    inputStart: numberOf(values.inputStart, 0),
    inputEnd: numberOf(values.inputEnd, 1),
    red: numberOf(values.red, 0),
    green: numberOf(values.green, 0),
    blue: numberOf(values.blue, 0),
    alpha: numberOf(values.alpha, 255),
    lookupTable: (values.lookupTable as { val: string } | null | undefined)?.val || null,
    isReversed: world.store.referring(REVERSE, "channelBinding", binding).length > 0,
  };
}

/** Stores settings as new ones of the user's. */
export function addSettings(
  world: World,
  access: Access,
  pixels: StoredPixels,
  settings: RenderingSettings,
): StoredObject {
  return world.store.transaction(() => {
    const quantization = createStored(world, access, "QuantumDef", quantumValues(settings));
    const values = { ...definitionValues(world, settings), quantization, pixels: pixels.object };
    const object = createStored(world, access, "RenderingDef", values);
    for (const channel of settings.channels) {
      const binding = createStored(world, access, "ChannelBinding", {
        ...channelValues(world, channel),
        renderingDef: object,
      });
      if (channel.isReversed) addReverse(world, access, binding);
    }
    return object;
  });
}

/** Puts settings in place of those stored: their ids say which. */
export function changeSettings(
  world: World,
  access: Access,
  object: StoredObject,
  settings: RenderingSettings,
): StoredObject {
  return world.store.transaction(() => {
    const quantization = world.referenced(object, "quantization");
    if (quantization) changeStored(world, quantization, quantumValues(settings));
    const bindings = world.store.referring("ChannelBinding", "renderingDef", object);
    for (const [index, binding] of bindings.entries()) {
      const channel = settings.channels[index];
      if (channel) changeChannel(world, access.in(object.group), binding, channel);
    }
    const version = rint(numberOf(object.values.version, 0) + 1);
    return changeStored(world, object, { ...definitionValues(world, settings), version });
  });
}

function changeChannel(world: World, access: Access, binding: StoredObject, channel: ChannelSettings): void {
  changeStored(world, binding, channelValues(world, channel));
  const reverses = world.store.referring(REVERSE, "channelBinding", binding);
  if (channel.isReversed && reverses.length === 0) addReverse(world, access, binding);
  if (!channel.isReversed) for (const { className, id } of reverses) world.store.delete(className, id);
}

function addReverse(world: World, access: Access, channelBinding: StoredObject): void {
  createStored(world, access, REVERSE, { channelBinding, reverse: rbool(true) });
}

function quantumValues({ cdStart, cdEnd, bitResolution }: RenderingSettings): Record<string, unknown> {
  return { cdStart: rint(cdStart), cdEnd: rint(cdEnd), bitResolution: rint(bitResolution) };
}

function definitionValues(world: World, { defaultZ, defaultT, model }: RenderingSettings): Record<string, unknown> {
  const id = world.enumerationId("RenderingModel", model);
  return { defaultZ: rint(defaultZ), defaultT: rint(defaultT), model: { className: "RenderingModel", id } };
}

function channelValues(world: World, channel: ChannelSettings): Record<string, unknown> {
  return {
    active: rbool(channel.active),
    family: { className: "Family", id: world.enumerationId("Family", channel.family) },
    coefficient: rdouble(channel.coefficient),
    noiseReduction: rbool(channel.noiseReduction),
    inputStart: rdouble(channel.inputStart),
    inputEnd: rdouble(channel.inputEnd),
    red: rint(channel.red),
    green: rint(channel.green),
    blue: rint(channel.blue),
    alpha: rint(channel.alpha),
    lookupTable: channel.lookupTable === null ? null : rstring(channel.lookupTable),
  };
}

function nameOf(world: World, object: StoredObject, member: string, otherwise: string): string {
  const entry = world.referenced(object, member);
  return (entry?.values.value as { val: string } | undefined)?.val ?? otherwise;
}

function numberOf(value: unknown, otherwise: number): number {
  return (value as { val: number } | null | undefined)?.val ?? otherwise;
}

function booleanOf(value: unknown): boolean {
  return (value as { val: boolean } | null | undefined)?.val ?? false;
}
