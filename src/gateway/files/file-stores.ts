/** The RawFileStores through which one file is read and written. A server takes one call at a time on each. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import type { RawFileStore } from "../../connect/ice/schema/omero.js";
import type { Login } from "../../connect/login.js";
import { RemoteObject } from "../../connect/remote/remote-object.js";
import { remoteAccess } from "../../connect/remote/services.js";
import { ServerError } from "../../errors.js";
import { inBackground } from "../../flow/failures.js";
import { fileContext, type OriginalFileInfo } from "./original-file.js";

const RAW_FILE_STORE = "::omero::api::RawFileStore";

/** Stores that read a file side by side at most: with more, servers were measured to be slower. */
export const MOST_STORES = 4;

interface OpenedStore {
  readonly remote: RemoteObject;
  readonly store: RawFileStore;
}

/** Stores of one file, each opened by its first call. */
export class FileStores {
  readonly #connection: OmeroConnection;
  readonly #file: OriginalFileInfo;
  readonly #opened: OpenedStore[] = [];

  constructor(connection: OmeroConnection, file: OriginalFileInfo) {
    this.#connection = connection;
    this.#file = file;
  }

  /** The one through which the file is written. */
  get first(): RawFileStore {
    return this.take(1)[0]!;
  }

  /** The first of the stores, that many. */
  take(count: number): RawFileStore[] {
    while (this.#opened.length < count) this.#opened.push(this.#add());
    return this.#opened.slice(0, count).map(({ store }) => store);
  }

  /** Frees what the server keeps for them. Never throws. @param written whether the file was written to */
  async close(written: boolean): Promise<void> {
    const access = remoteAccess(this.#connection);
    await Promise.all(this.#opened.map(({ remote }, index) => access.close(remote, written && index === 0)));
  }

  #add(): OpenedStore {
    const file = this.#file;
    const remote = new RemoteObject({ sliceId: RAW_FILE_STORE, open: (login) => openStore(login, file) });
    return { remote, store: remoteAccess(this.#connection).service<RawFileStore>(remote, fileContext(file)) };
  }
}

async function openStore(login: Login, file: OriginalFileInfo): Promise<ProxyRef> {
  const proxy = await login.factory.createRawFileStore();
  if (!proxy) throw new ServerError("SERVER_FAILURE", "the server gives no RawFileStore");
  const store = login.client.service<RawFileStore>(proxy, RAW_FILE_STORE);
  try {
    await store.setFileId(file.id, { context: fileContext(file) });
    return proxy;
  } catch (error) {
    inBackground(store.close()); // nobody else knows of it
    throw error;
  }
}
