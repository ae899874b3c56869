/** Small pictures of images, one or many. */
import { idNumber } from "../../columns/int64.js";
import type { OnProgress } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import type { ThumbnailStore } from "../../connect/ice/schema/omero.js";
import type { Login } from "../../connect/login.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { RemoteObject } from "../../connect/remote/remote-object.js";
import { remoteAccess } from "../../connect/remote/services.js";
import { invalidArgument, ServerError } from "../../errors.js";
import { watchingCallbacks } from "../../flow/callbacks.js";
import { inBackground } from "../../flow/failures.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { type RLong, rint, rlist, rlong } from "../../rtypes.js";
import type { PixelsPlace } from "../pixels/pixel-stores.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { checkIndex } from "../pixels/plane-places.js";
import { inGroup, queryParameters } from "../query-parameters.js";

const THUMBNAIL_STORE = "::omero::api::ThumbnailStore";
/** Pictures of one call: some seconds of a server's work. */
const MOST_THUMBNAILS = 200;
const DEFAULT_SIZE = 96;

/** How large thumbnails are. */
export interface ThumbnailSizeOptions {
  /** The longest side, in pixels. Default 96. */
  readonly size?: number | undefined;
  /** Stops the call: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
}

/** How large many thumbnails are, and who is told of them. */
export interface ThumbnailsOptions extends ThumbnailSizeOptions {
  /** Told of thumbnails made. */
  readonly onProgress?: OnProgress | undefined;
}

/** What a thumbnail shows. */
export interface ThumbnailOptions extends Omit<ThumbnailSizeOptions, "size"> {
  /** The longest side, in pixels, or width and height, whatever the image's are. Default 96. */
  readonly size?: number | readonly [width: number, height: number] | undefined;
  /** Section, from 0, together with `t`. Default: that of the saved settings. */
  readonly z?: number | undefined;
  /** Time point, from 0, together with `z`. Default: that of the saved settings. */
  readonly t?: number | undefined;
  /** Id of the settings to show it by, anybody's, as `image.renderingDefs()` lists them. Default: this user's, else the owner's. */
  readonly settingsId?: ObjectId | undefined;
}

const THUMBNAIL_OPTIONS: OptionNames<ThumbnailOptions> = {
  size: true,
  z: true,
  t: true,
  settingsId: true,
  signal: true,
};
const THUMBNAILS_OPTIONS: OptionNames<ThumbnailsOptions> = { size: true, signal: true, onProgress: true };

/** A thumbnail as a JPEG, by the settings that are saved. */
export async function thumbnailOf(
  connection: OmeroConnection,
  info: PixelsInfo,
  options: ThumbnailOptions = {},
): Promise<Uint8Array> {
  checkOptions(options, THUMBNAIL_OPTIONS, "thumbnail");
  const { size = DEFAULT_SIZE, z, t, settingsId, signal } = options;
  const sides = [size].flat();
  if (sides.length !== 1 && sides.length !== 2) throw invalidArgument("size is one number, or [width, height]");
  sides.forEach(checkSide);
  const settings = settingsId === undefined ? undefined : toObjectId(settingsId, "settingsId");
  if (z !== undefined) checkIndex("z", z, info.sizeZ, "sections");
  if (t !== undefined) checkIndex("t", t, info.sizeT, "time points");
  const section = z === undefined && t === undefined ? undefined : ([z ?? 0, t ?? 0] as const);
  return withStore(
    connection,
    info,
    (login) => openFor(login, info, settings),
    (store) => onePicture(store, size, section, signal),
  );
}

/** Thumbnails of many images by their ids; see `OmeroConnection.getThumbnails`. */
export async function thumbnailsOf(
  connection: OmeroConnection,
  imageIds: readonly ObjectId[],
  options: ThumbnailsOptions = {},
): Promise<Map<number, Uint8Array>> {
  checkOptions(options, THUMBNAILS_OPTIONS, "getThumbnails");
  const { size = DEFAULT_SIZE } = options;
  checkSide(size);
  if (!Array.isArray(imageIds)) throw invalidArgument("getThumbnails takes a list of ids of images: [101, 102]");
  const ids = imageIds.map((id) => toObjectId(id, "imageId"));
  return watchingCallbacks(options, async ({ signal, onProgress }) => {
    const found = new Map<bigint, Uint8Array>();
    for (let start = 0; start < ids.length; start += MOST_THUMBNAILS) {
      onProgress?.({ done: start, total: ids.length, unit: "thumbnails" });
      const some = ids.slice(start, start + MOST_THUMBNAILS);
      for (const [id, picture] of await somePictures(connection, some, size, signal)) found.set(id, picture);
    }
    onProgress?.({ done: ids.length, total: ids.length, unit: "thumbnails" });
    return inOrder(ids, found);
  });
}

/** By one call for the images of each group. */
async function somePictures(
  connection: OmeroConnection,
  ids: readonly bigint[],
  size: number,
  signal: AbortSignal | undefined,
): Promise<[bigint, Uint8Array][]> {
  const pixels = await pixelsOf(connection, ids, signal);
  const found: [bigint, Uint8Array][] = [];
  for (const groupId of new Set(pixels.map((each) => each.groupId))) {
    const images = pixels.filter((each) => each.groupId === groupId);
    const pixelsIds = images.map(({ pixelsId }) => pixelsId);
    const pictures = await pictureSet(connection, pixelsIds, groupId, size, signal);
    for (const { pixelsId, imageId } of images) {
      const picture = pictures.get(pixelsId);
      if (picture) found.push([imageId, picture]);
    }
  }
  return found;
}

function inOrder(ids: readonly bigint[], found: ReadonlyMap<bigint, Uint8Array>): Map<number, Uint8Array> {
  const present = ids.filter((id) => found.has(id));
  return new Map(present.map((id) => [idNumber(id, "Image"), new Uint8Array(found.get(id)!)]));
}

interface PixelsOfImage {
  readonly pixelsId: bigint;
  readonly imageId: bigint;
  readonly groupId: number;
}

async function pixelsOf(
  connection: OmeroConnection,
  imageIds: readonly bigint[],
  signal: AbortSignal | undefined,
): Promise<PixelsOfImage[]> {
  const rows = await connection
    .getQueryService()
    .projection(
      "select p.id, p.image.id, p.details.group.id from Pixels p where p.image.id in (:ids) order by p.id desc",
      queryParameters({ ids: rlist(imageIds.map((id) => rlong(id))) }),
      { signal, context: inGroup(-1) },
    );
  const all = rows.map((row) => row.map((each) => (each as RLong).val) as [bigint, bigint, bigint]);
  const first = new Map(all.map(([pixelsId, imageId, group]) => [imageId, { pixelsId, imageId, group }]));
  return [...first.values()].map(({ group, ...ids }) => ({ ...ids, groupId: Number(group) }));
}

function pictureSet(
  connection: OmeroConnection,
  pixelsIds: readonly bigint[],
  groupId: number,
  size: number,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<bigint, Uint8Array>> {
  const open = async ({ factory }: Login) => factory.createThumbnailStore();
  return withStore(connection, { groupId }, open, (store) =>
    store.getThumbnailByLongestSideSet(rint(size), pixelsIds, { signal }),
  );
}

function onePicture(
  store: ThumbnailStore,
  size: number | readonly [number, number],
  section: readonly [number, number] | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (typeof size === "number") {
    return section
      ? store.getThumbnailForSectionByLongestSideDirect(...section, rint(size), { signal })
      : store.getThumbnailByLongestSideDirect(rint(size), { signal });
  }
  const [width, height] = [rint(size[0]), rint(size[1])];
  return section
    ? store.getThumbnailForSectionDirect(...section, width, height, { signal })
    : store.getThumbnailDirect(width, height, { signal });
}

async function withStore<T>(
  connection: OmeroConnection,
  { groupId }: Pick<PixelsPlace, "groupId">,
  open: (login: Login) => Promise<ProxyRef | null>,
  use: (store: ThumbnailStore) => Promise<T>,
): Promise<T> {
  const access = remoteAccess(connection);
  const remote = new RemoteObject({ sliceId: THUMBNAIL_STORE, open });
  try {
    return await use(access.service<ThumbnailStore>(remote, inGroup(groupId)));
  } finally {
    inBackground(access.close(remote));
  }
}

async function openFor(login: Login, { id, groupId }: PixelsPlace, settings: bigint | undefined): Promise<ProxyRef> {
  const proxy = await login.factory.createThumbnailStore();
  if (!proxy) throw new ServerError("SERVER_FAILURE", "the server gives no ThumbnailStore");
  const store = login.client.service<ThumbnailStore>(proxy, THUMBNAIL_STORE);
  const call = { context: inGroup(groupId) };
  try {
    if (!(await store.setPixelsId(id, call))) {
      await store.resetDefaults(call);
      // It takes the new settings by that alone; where it may keep none, it has them after the next call.
      if (!(await store.setPixelsId(id, call))) await store.resetDefaults(call);
    }
    if (settings !== undefined) await store.setRenderingDefId(settings, call);
    return proxy;
  } catch (error) {
    inBackground(store.close()); // nobody else knows of it
    throw error;
  }
}

function checkSide(side: unknown): void {
  if (Number.isInteger(side) && (side as number) >= 1 && (side as number) <= 4096) return;
  throw invalidArgument(`size is ${String(side)}: give pixels, 1 to 4096`);
}
