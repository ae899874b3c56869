/** The settings of a rendering engine, as `omero::api::RenderingEngine` says and changes them. */
import type { Family, RenderingDef, RenderingModel } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { rbool, rint, rlong } from "../../rtypes.js";
import { apiUsage, internal } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { SessionContext } from "../services/context.js";
import { StatefulServant } from "../services/stateful-servant.js";
import { RenderingState } from "./rendering-state.js";
import {
  BRIGHTEST,
  type ChannelSettings,
  FAMILIES,
  type FamilyName,
  type ModelName,
} from "./settings/rendering-settings.js";

const REVERSE = "ReverseIntensityMapContext";
/** Numbers of levels that brightness can have. */
const RESOLUTIONS = [1, 3, 7, 15, 31, 63, 127, 255];

export class EngineSettings extends StatefulServant {
  protected readonly state: RenderingState;

  constructor(context: SessionContext) {
    super(context);
    this.state = new RenderingState(context);
  }

  setModel(model: RenderingModel | null): void {
    this.state.ready.model = this.#entryName("RenderingModel", model) as ModelName;
  }

  getModel(current: Current): Instance {
    return this.#entry("RenderingModel", this.state.settings.model, current);
  }

  getAvailableModels(current: Current): Instance[] {
    return this.#entries("RenderingModel", current);
  }

  getAvailableFamilies(current: Current): Instance[] {
    return this.#entries("Family", current);
  }

  getDefaultZ(): number {
    return this.state.settings.defaultZ;
  }

  getDefaultT(): number {
    return this.state.settings.defaultT;
  }

  setDefaultZ(z: number): void {
    this.state.ready.defaultZ = z;
  }

  setDefaultT(t: number): void {
    this.state.ready.defaultT = t;
  }

  getQuantumDef(): Record<string, unknown> {
    const { quantizationId, cdStart, cdEnd, bitResolution } = this.state.settings;
    return {
      iceId: "::omero::model::QuantumDef",
      id: quantizationId === undefined ? null : rlong(quantizationId),
      loaded: true,
      cdStart: rint(cdStart),
      cdEnd: rint(cdEnd),
      bitResolution: rint(bitResolution),
    };
  }

  setQuantumStrategy(bitResolution: number): void {
    const settings = this.state.ready;
    if (!RESOLUTIONS.includes(bitResolution)) throw apiUsage(`Unsupported bit resolution: ${bitResolution}.`);
    settings.bitResolution = bitResolution;
  }

  setCodomainInterval(start: number, end: number): void {
    const settings = this.state.ready;
    if (start >= end) throw apiUsage(`${start} cannot be greater than ${end}`);
    if (start < 0) throw apiUsage(`${start} cannot be lower than 0`);
    if (end > BRIGHTEST) throw apiUsage(`${end} cannot be greater than ${BRIGHTEST}`);
    settings.cdStart = start;
    settings.cdEnd = end;
  }

  setQuantizationMap(w: number, family: Family | null, coefficient: number, noiseReduction: boolean): void {
    const channel = this.channel(w);
    const name = this.#entryName("Family", family) as FamilyName;
    if (!FAMILIES.includes(name)) throw apiUsage(`Unsupported family type: '${name}'`);
    if (!(coefficient > 0)) throw apiUsage(`Unsupported curve coefficient: '${coefficient}'`);
    Object.assign(channel, { family: name, coefficient: name === "linear" ? 1 : coefficient, noiseReduction });
  }

  getChannelFamily(w: number, current: Current): Instance {
    return this.#entry("Family", this.channel(w).family, current);
  }

  getChannelNoiseReduction(w: number): boolean {
    return this.channel(w).noiseReduction;
  }

  getChannelStats(): Float64Array {
    void this.state.ready;
    return new Float64Array(0);
  }

  getChannelCurveCoefficient(w: number): number {
    return this.channel(w).coefficient;
  }

  setChannelWindow(w: number, start: number, end: number): void {
    Object.assign(this.channel(w), { inputStart: start, inputEnd: end });
  }

  getChannelWindowStart(w: number): number {
    return this.channel(w).inputStart;
  }

  getChannelWindowEnd(w: number): number {
    return this.channel(w).inputEnd;
  }

  setRGBA(w: number, red: number, green: number, blue: number, alpha: number): void {
    const channel = this.channel(w);
    for (const value of [red, green, blue, alpha]) {
      if (value < 0 || value > BRIGHTEST) throw apiUsage(`Color values are from 0 to ${BRIGHTEST}: ${value}`);
    }
    Object.assign(channel, { red, green, blue, alpha });
  }

  getRGBA(w: number): Int32Array {
    const { red, green, blue, alpha } = this.channel(w);
    return Int32Array.of(red, green, blue, alpha);
  }

  setActive(w: number, active: boolean): void {
    this.channel(w).active = active;
  }

  isActive(w: number): boolean {
    return this.channel(w).active;
  }

  setChannelLookupTable(w: number, name: string): void {
    this.channel(w).lookupTable = name === "" ? null : name;
  }

  getChannelLookupTable(w: number): string {
    return this.channel(w).lookupTable ?? "";
  }

  addCodomainMapToChannel(map: { iceId: string } | null, w: number): void {
    const channel = this.channel(w);
    if (map?.iceId.endsWith(REVERSE)) channel.isReversed = true;
  }

  removeCodomainMapFromChannel(map: { iceId: string } | null, w: number): void {
    const channel = this.channel(w);
    if (map?.iceId.endsWith(REVERSE)) channel.isReversed = false;
  }

  addCodomainMap(): void {}

  updateCodomainMap(): void {}

  removeCodomainMap(): void {}

  /** With the binding that they belong to, which refers to them in turn. */
  getCodomainMapContext(w: number): Instance[] {
    if (!this.channel(w).isReversed) return [];
    const binding: Instance = {
      iceId: "::omero::model::ChannelBinding",
      loaded: true,
      spatialDomainEnhancementLoaded: true,
    };
    const context = { iceId: "::omero::model::ReverseIntensityContext", loaded: true, reverse: rbool(true) };
    binding.spatialDomainEnhancementSeq = [Object.assign(context, { channelBinding: binding })];
    return [context];
  }

  /** Takes over what the settings say; what they leave out stays. */
  updateSettings(settings: RenderingDef | null): void {
    if (!settings) return;
    if (settings.model) this.setModel(settings.model);
    if (settings.defaultZ) this.setDefaultZ(settings.defaultZ.val);
    if (settings.defaultT) this.setDefaultT(settings.defaultT.val);
    const { bitResolution, cdStart, cdEnd } = settings.quantization ?? {};
    if (bitResolution) this.setQuantumStrategy(bitResolution.val);
    if (cdStart && cdEnd) this.setCodomainInterval(cdStart.val, cdEnd.val);
    for (const [w, binding] of settings.waveRenderingSeq.entries()) {
      if (binding && w < this.state.ready.channels.length) this.#updateChannel(w, binding);
    }
  }

  #updateChannel(w: number, binding: NonNullable<RenderingDef["waveRenderingSeq"][number]>): void {
    const { active, family, coefficient, noiseReduction, inputStart, inputEnd, red, green, blue, alpha } = binding;
    if (active) this.setActive(w, active.val);
    if (family && coefficient) this.setQuantizationMap(w, family, coefficient.val, noiseReduction?.val ?? false);
    if (inputStart && inputEnd) this.setChannelWindow(w, inputStart.val, inputEnd.val);
    if (red && green && blue && alpha) this.setRGBA(w, red.val, green.val, blue.val, alpha.val);
    this.setChannelLookupTable(w, binding.lookupTable?.val ?? "");
  }

  protected channel(w: number): ChannelSettings {
    const { channels } = this.state.ready;
    const channel = channels[w];
    if (channel) return channel;
    const found = `Index ${w} out of bounds for length ${channels.length}`;
    throw internal(` Wrapped Exception: (java.lang.ArrayIndexOutOfBoundsException):\n${found}`);
  }

  #entries(className: string, current: Current): Instance[] {
    return this.context.loadAll(this.context.access(current), this.context.world.store.all(className));
  }

  #entry(className: string, value: string, current: Current): Instance {
    const { world } = this.context;
    return this.context.load(this.context.access(current), { className, id: world.enumerationId(className, value) });
  }

  /** Clients may name an entry, or send its id alone. */
  #entryName(className: string, entry: RenderingModel | Family | null): string {
    const stored = entry?.id && this.context.world.store.get(className, entry.id.val);
    const value = (stored ? stored.values.value : entry?.value) as { val: string } | null | undefined;
    if (!value) throw apiUsage(`A ${className} is needed`);
    return value.val;
  }
}
