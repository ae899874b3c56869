/** Pictures of an image by one choice of settings. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { RenderingEngine } from "../../connect/ice/schema/omero.js";
import type { Login } from "../../connect/login.js";
import { toObjectId } from "../../connect/object-id.js";
import { RemoteObject } from "../../connect/remote/remote-object.js";
import { remoteAccess } from "../../connect/remote/services.js";
import { invalidArgument, ServerError, TableError } from "../../errors.js";
import { inBackground } from "../../flow/failures.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { levelsOf, type ResolutionLevel } from "../pixels/resolution-levels.js";
import { inGroup } from "../query-parameters.js";
import { applySettings, type SettingsToApply, settingsToApply } from "./apply-settings.js";
import { type PictureRegion, packedPicture, type RgbaPicture } from "./pictures.js";
import { checkSettings, type RenderSettings, type SettingsToSave } from "./render-settings.js";
import { type CheckedView, checkedView, type RenderView } from "./render-view.js";

const RENDERING_ENGINE = "::omero::api::RenderingEngine";

interface CallSignal {
  readonly signal?: AbortSignal | undefined;
}

/**
 * A rendering engine with settings, which is opened by its first call, and again after a lost connection. It is to be closed. For
 * one picture `image.render` is enough; this one is for many with the same settings.
 *
 * @example
 * await using renderer = image.renderer({ channels: [{ index: 0, color: "#00FF00" }] });
 * for (let t = 0; t < sizeT; t++) frames.push(await renderer.jpeg({ t }));
 */
export class ImageRenderer implements AsyncDisposable {
  readonly #connection: OmeroConnection;
  readonly #info: PixelsInfo;
  readonly #remote: RemoteObject;
  readonly #engine: RenderingEngine;
  readonly #level: number | undefined;
  #levels: Promise<readonly ResolutionLevel[]> | undefined;

  /** @param quality of JPEGs, 0 to 1. @throws ArgumentError `INVALID_ARGUMENT` */
  constructor(
    connection: OmeroConnection,
    info: PixelsInfo,
    { z, t, ...settings }: RenderSettings & SettingsToSave,
    quality: number,
  ) {
    checkSettings(settings, info);
    checkedView({ z, t }, info);
    this.#connection = connection;
    this.#info = info;
    this.#level = settings.level;
    const pixels = connection.service("::omero::api::IPixels");
    const open = (login: Login) =>
      openEngine(login, info, quality, () => settingsToApply(pixels, { z, t, ...settings }));
    this.#remote = new RemoteObject({ sliceId: RENDERING_ENGINE, open });
    const context = inGroup(info.groupId);
    this.#engine = remoteAccess(connection).service<RenderingEngine>(this.#remote, context);
  }

  /**
   * A picture as a JPEG.
   * @throws ArgumentError `INVALID_ARGUMENT`; AbortError; ServerError
   */
  async jpeg(view: RenderView = {}, { signal }: CallSignal = {}): Promise<Uint8Array> {
    const { projection, ...plane } = await this.#checked(view, signal);
    if (projection === undefined) return this.#engine.renderCompressed(planeDef(plane), { signal });
    const { algorithm, start, end } = projection;
    return this.#engine.renderProjectedCompressed(algorithm, plane.t, 1, start, end, { signal });
  }

  /**
   * A picture as pixels.
   * @throws ArgumentError `INVALID_ARGUMENT`; AbortError; ServerError
   */
  async rgba(view: RenderView = {}, { signal }: CallSignal = {}): Promise<RgbaPicture> {
    const { projection, ...plane } = await this.#checked(view, signal);
    const { sizeX: width, sizeY: height } = await this.#size(signal);
    if (projection === undefined) {
      const packed = await this.#engine.renderAsPackedInt(planeDef(plane), { signal });
      return packedPicture(packed, plane.region ?? { width, height });
    }
    const { algorithm, start, end } = projection;
    const packed = await this.#engine.renderProjectedAsPackedInt(algorithm, plane.t, 1, start, end, { signal });
    return packedPicture(packed, { width, height }, plane.region);
  }

  /** Opens the engine; the first call does so otherwise. Where nobody has saved settings for the image, the server makes them. */
  async open({ signal }: CallSignal = {}): Promise<void> {
    await this.#engine.getDefaultZ({ signal });
  }

  /** Saves the settings as this user's for the image. It is not repeated after a lost connection. */
  async save({ signal }: CallSignal = {}): Promise<void> {
    await this.#engine.saveCurrentSettings({ signal });
  }

  /** Frees what the server keeps. Safe to call twice. */
  async close(): Promise<void> {
    this.#remote.end();
    await remoteAccess(this.#connection).close(this.#remote);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #checked(view: RenderView, signal: AbortSignal | undefined): Promise<CheckedView> {
    checkedView({ ...view, region: undefined }, this.#info);
    if (this.#level !== undefined && view.projection !== undefined) {
      throw invalidArgument("OMERO puts sections together in the whole image alone: leave out level or projection");
    }
    const size = await this.#size(signal);
    // Of a smaller level a server gives nothing unless it is told which part.
    const whole = this.#level === undefined ? undefined : { x: 0, y: 0, width: size.sizeX, height: size.sizeY };
    const checked = checkedView({ ...view, region: view.region ?? whole }, { ...this.#info, ...size });
    const z = checked.z ?? (checked.projection ? 0 : await this.#engine.getDefaultZ({ signal }));
    const t = checked.t ?? (await this.#engine.getDefaultT({ signal }));
    return { ...checked, z, t };
  }

  /** Size of the planes that are shown. Of a level the server is asked. */
  async #size(signal: AbortSignal | undefined): Promise<Pick<PixelsInfo, "sizeX" | "sizeY">> {
    if (this.#level === undefined) return this.#info;
    this.#levels ??= levelsOf(this.#engine, signal);
    const { sizeX, sizeY } = (await this.#levels).find(({ level }) => level === this.#level)!;
    return { sizeX, sizeY };
  }
}

async function openEngine(
  login: Login,
  info: PixelsInfo,
  quality: number,
  settingsOf: () => Promise<SettingsToApply>,
): Promise<ProxyRef> {
  const [proxy, settings] = await Promise.all([login.factory.createRenderingEngine(), settingsOf()]);
  if (!proxy) throw new ServerError("SERVER_FAILURE", "the server gives no RenderingEngine");
  const engine = login.client.service<RenderingEngine>(proxy, RENDERING_ENGINE);
  const call = { context: inGroup(info.groupId) };
  try {
    await engine.lookupPixels(info.id, call);
    await loadSettings(engine, info, settings, call);
    await engine.load(call);
    await engine.setCompressionLevel(quality, call);
    await setLevel(engine, settings, call);
    await applySettings(engine, settings, info.sizeC, call);
    return proxy;
  } catch (error) {
    inBackground(engine.close()); // nobody else knows of it
    throw error;
  }
}

interface EngineCall {
  readonly context: Readonly<Record<string, string>>;
}

async function loadSettings(
  engine: RenderingEngine,
  info: PixelsInfo,
  { settingsId }: SettingsToApply,
  call: EngineCall,
): Promise<void> {
  if (settingsId !== undefined) await engine.loadRenderingDef(toObjectId(settingsId, "settingsId"), call);
  else if (!(await engine.lookupRenderingDef(info.id, call))) await makeSettings(engine, info, call);
}

/** An image of one level is shown by that; not all servers let it be chosen. */
async function setLevel(engine: RenderingEngine, { level }: SettingsToApply, call: EngineCall): Promise<void> {
  if (level === undefined) return;
  const levels = await engine.getResolutionLevels(call);
  if (level >= levels)
    throw invalidArgument(`level is ${level}; the image has ${levels}, counted from 0, the smallest`);
  if (levels > 1) await engine.setResolutionLevel(level, call);
}

/**
 * Nobody has said yet how the image is shown: the server chooses, and keeps that.
 * @throws TableError `NOT_PERMITTED` where it may keep nothing of this user's
 */
async function makeSettings(engine: RenderingEngine, { id, imageId }: PixelsInfo, call: EngineCall): Promise<void> {
  try {
    await engine.resetDefaultSettings(true, call);
  } catch (cause) {
    if (!(cause instanceof ServerError && cause.code === "SECURITY_VIOLATION")) throw cause;
    const text = `Nobody has saved how Image ${imageId} is shown, and this user may not: have its owner look at it once`;
    throw new TableError("NOT_PERMITTED", text, { cause });
  }
  await engine.lookupRenderingDef(id, call);
}

function planeDef({ z, t, region }: { z: number; t: number; region?: PictureRegion | undefined }) {
  const part = region === undefined ? null : createInstance("::omero::romio::RegionDef", { ...region });
  return createInstance("::omero::romio::PlaneDef", { z, t, region: part });
}
