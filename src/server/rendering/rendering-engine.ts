/** `omero::api::RenderingEngine`: pictures of pixels, and the settings they are made by. */
import type { PlaneDef } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { reusedBuffers } from "../../flow/reused-buffers.js";
import { apiUsage } from "../exceptions.js";
import { planFrom } from "../hql/grammar/fetch-plan.js";
import type { Instance } from "../model/materialize.js";
import { EngineSettings } from "./engine-settings.js";
import { DEFAULT_COMPRESSION, jpegOf } from "./pictures/jpeg.js";
import type { ProjectionName } from "./pictures/projection.js";
import { Renderer } from "./pictures/renderer.js";

const PIXELS_PLAN = planFrom({ pixelsType: {}, channels: { statsInfo: {}, logicalChannel: {} } });

export class RenderingEngine extends EngineSettings {
  #compression = DEFAULT_COMPRESSION;

  lookupPixels(id: bigint, current: Current): void {
    this.state.lookupPixels(this.context.access(current), id);
  }

  lookupRenderingDef(pixelsId: bigint, current: Current): boolean {
    return this.state.lookupSettings(this.context.access(current), pixelsId);
  }

  loadRenderingDef(id: bigint, current: Current): void {
    this.state.loadSettings(this.context.access(current), id);
  }

  load(): void {
    this.state.load();
  }

  async render(def: PlaneDef | null): Promise<Record<string, unknown>> {
    const { width, height, pixels } = await this.#renderer.render(this.state.ready, def);
    const bands = [16, 8, 0].map((shift) => bandOf(pixels, shift));
    reusedBuffers.giveBack(pixels);
    return { iceId: "::omero::romio::RGBBuffer", bands, sizeX1: width, sizeX2: height };
  }

  async renderAsPackedInt(def: PlaneDef | null): Promise<Int32Array> {
    return (await this.#renderer.render(this.state.ready, def)).pixels;
  }

  async renderCompressed(def: PlaneDef | null): Promise<Uint8Array> {
    return jpegOf(await this.#renderer.render(this.state.ready, def), this.#compression);
  }

  async renderProjectedAsPackedInt(
    algorithm: ProjectionName,
    t: number,
    stepping: number,
    start: number,
    end: number,
  ): Promise<Int32Array> {
    const projection = { algorithm, t, stepping, start, end };
    return (await this.#renderer.renderProjected(this.state.ready, projection)).pixels;
  }

  async renderProjectedCompressed(
    algorithm: ProjectionName,
    t: number,
    stepping: number,
    start: number,
    end: number,
  ): Promise<Uint8Array> {
    const projection = { algorithm, t, stepping, start, end };
    return jpegOf(await this.#renderer.renderProjected(this.state.ready, projection), this.#compression);
  }

  setOverlays(): void {
    throw apiUsage("This server draws no overlays");
  }

  getRenderingDefId(): bigint {
    return this.state.settings.id ?? 0n;
  }

  getPixels(current: Current): Instance {
    return this.context.world.materializer(this.context.access(current)).load(this.state.pixels.object, PIXELS_PLAN);
  }

  saveCurrentSettings(current: Current): void {
    this.state.save(this.context.access(current));
  }

  saveAsNewSettings(current: Current): bigint {
    return this.state.saveAsNew(this.context.access(current));
  }

  async resetDefaultSettings(save: boolean, current: Current): Promise<bigint> {
    return this.state.reset(this.context.access(current), save);
  }

  setCompressionLevel(level: number): void {
    this.#compression = level;
  }

  getCompressionLevel(): number {
    return this.#compression;
  }

  isPixelsTypeSigned(): boolean {
    void this.state.ready;
    return this.state.pixels.layout.kind.isSigned;
  }

  getPixelsTypeUpperBound(w: number): number {
    void this.channel(w);
    return this.state.pixels.layout.kind.range[1];
  }

  getPixelsTypeLowerBound(w: number): number {
    void this.channel(w);
    return this.state.pixels.layout.kind.range[0];
  }

  requiresPixelsPyramid(): boolean {
    void this.state.ready;
    return this.state.pixels.layout.requiresPyramid;
  }

  getResolutionLevels(): number {
    void this.state.ready;
    return 1;
  }

  getResolutionLevel(): number {
    void this.state.ready;
    return 0;
  }

  getResolutionDescriptions() {
    void this.state.ready;
    const { x: sizeX, y: sizeY } = this.state.pixels.layout.sizes;
    return [{ iceId: "::omero::api::ResolutionDescription", sizeX, sizeY }];
  }

  /** There is one level. */
  setResolutionLevel(): void {
    void this.state.ready;
  }

  getTileSize(): Int32Array {
    void this.state.ready;
    return Int32Array.from(this.state.pixels.layout.tileSize);
  }

  get #renderer(): Renderer {
    return new Renderer(this.state.pixels, this.state.source, this.context.world.lookupTables);
  }
}

/** Red, green or blue of pixels. */
function bandOf(pixels: Int32Array, shift: number): Uint8Array {
  const band = new Uint8Array(pixels.length);
  for (let index = 0; index < pixels.length; index++) band[index] = pixels[index]! >> shift;
  return band;
}
