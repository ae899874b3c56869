/** The RawPixelsStores through which the pixels of one image are read. A server takes one call at a time on each. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import type { RawPixelsStore } from "../../connect/ice/schema/omero.js";
import type { Login } from "../../connect/login.js";
import { RemoteObject } from "../../connect/remote/remote-object.js";
import { remoteAccess } from "../../connect/remote/services.js";
import { ServerError } from "../../errors.js";
import { inBackground } from "../../flow/failures.js";
import { inGroup } from "../query-parameters.js";
import type { PixelsInfo } from "./pixels-info.js";

const RAW_PIXELS_STORE = "::omero::api::RawPixelsStore";

/** Stores that read an image side by side at most. */
export const MOST_PIXEL_STORES = 4;

/** Pixels by their id and group, at a resolution level. */
export type PixelsPlace = Pick<PixelsInfo, "id" | "groupId" | "level">;

interface OpenedStore {
  readonly remote: RemoteObject;
  readonly store: RawPixelsStore;
}

/** Stores of one image, each opened by its first call, and again after a lost connection. */
export class PixelStores {
  readonly #connection: OmeroConnection;
  readonly #place: PixelsPlace;
  readonly #opened: OpenedStore[] = [];
  readonly #free: RawPixelsStore[] = [];

  constructor(connection: OmeroConnection, place: PixelsPlace) {
    this.#connection = connection;
    this.#place = place;
  }

  /** Calls `use` with a store that nobody else calls meanwhile. */
  async with<T>(use: (store: RawPixelsStore) => Promise<T>): Promise<T> {
    const store = this.#free.pop() ?? this.#add();
    try {
      return await use(store);
    } finally {
      this.#free.push(store);
    }
  }

  /** Frees what the server keeps for them. Never throws. */
  async close(): Promise<void> {
    const access = remoteAccess(this.#connection);
    await Promise.all(this.#opened.map(({ remote }) => access.close(remote)));
  }

  #add(): RawPixelsStore {
    const opened = pixelStore(this.#connection, this.#place);
    this.#opened.push(opened);
    return opened.store;
  }
}

/** @param write whether it is to be written: such a store is of one log-in, and none of its calls is repeated */
export function pixelStore(connection: OmeroConnection, place: PixelsPlace, write = false): OpenedStore {
  const unrepeatable = write ? ["setPlane", "setTile", "save"] : [];
  const open = (login: Login) => openStore(login, place);
  const remote = new RemoteObject({ sliceId: RAW_PIXELS_STORE, open, ofOneLogin: write, unrepeatable });
  return { remote, store: remoteAccess(connection).service<RawPixelsStore>(remote, inGroup(place.groupId)) };
}

async function openStore(login: Login, { id, groupId, level }: PixelsPlace): Promise<ProxyRef> {
  const proxy = await login.factory.createRawPixelsStore();
  if (!proxy) throw new ServerError("SERVER_FAILURE", "the server gives no RawPixelsStore");
  const store = login.client.service<RawPixelsStore>(proxy, RAW_PIXELS_STORE);
  try {
    const call = { context: inGroup(groupId) };
    await store.setPixelsId(id, true, call);
    if (level !== undefined) await store.setResolutionLevel(level, call);
    return proxy;
  } catch (error) {
    inBackground(store.close()); // nobody else knows of it
    throw error;
  }
}
