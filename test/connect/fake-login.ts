/** Log-ins without a server, for tests of what stands on them. */

import type { Call, CallOptions, RawReply } from "../../src/connect/ice/client/call.js";
import type { IceClient } from "../../src/connect/ice/client/ice-client.js";
import type { ProxyRef } from "../../src/connect/ice/codec/proxy-ref.js";
import type { Login } from "../../src/connect/login.js";
import { RemoteObject, type RemoteObjectOptions } from "../../src/connect/remote/remote-object.js";
import { ConnectionError, type OmeroError } from "../../src/errors.js";
import { Secret } from "../../src/flow/secret.js";

export type Answer = (operation: string, options: CallOptions) => RawReply | Promise<RawReply>;

export const OK: RawReply = { kind: "ok", body: new Uint8Array(0) };

export const lostError = () => new ConnectionError("CONNECTION_LOST", "the network ended it");

/** A log-in that answers requests by `answer` and notes what happens to it. */
export class FakeLogin {
  readonly name: string;
  readonly log: string[] = [];
  readonly login: Login;
  answer: Answer = () => OK;
  keepAlive: (options?: CallOptions) => Promise<boolean> = async () => true;
  bytesReceived = 0;
  #closed: ((cause: OmeroError) => void)[] = [];
  #failInFlight = new Set<(error: Error) => void>();

  constructor(name: string, key: string) {
    this.name = name;
    const note = (what: string) => async () => void this.log.push(what);
    const client = {
      host: "omero.example",
      port: 4064,
      proxyCodec: { read: () => ({ proxy: null, end: 0 }), write: () => new Uint8Array(0) },
      bytesSent: 0,
      bytesUnsent: 0,
      router: proxyRef("router"),
      onClose: (listener: (cause: OmeroError) => void) => this.#closed.push(listener),
      service: () => ({ destroySession: note("destroySession"), close: note("close") }),
      invoke: ({ operation, limits }: Call<ProxyRef>) => this.#invoke(operation.name, limits),
      keepBusy: () => () => {},
      destroy: async () => {
        this.log.push("destroy");
        this.#fail(new ConnectionError("CONNECTION_CLOSED", "closed by this program"));
      },
    };
    Object.defineProperty(client, "bytesReceived", { get: () => this.bytesReceived });
    const factory = {
      keepAlive: (_proxy: null, options?: CallOptions) => this.keepAlive(options),
      closeOnDestroy: note("closeOnDestroy"),
    };
    this.login = {
      client: client as unknown as IceClient,
      factory: factory as unknown as Login["factory"],
      factoryProxy: proxyRef("factory"),
      sessionKey: new Secret(key),
    };
  }

  /** The connection breaks: requests in flight fail. */
  lose(): void {
    const error = lostError();
    this.#fail(error);
    for (const listener of this.#closed) listener(error);
  }

  async #invoke(operation: string, options: CallOptions): Promise<RawReply> {
    this.log.push(operation);
    let fail: (error: Error) => void = () => {};
    const failure = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    this.#failInFlight.add(fail);
    try {
      return await Promise.race([this.answer(operation, options), failure]);
    } finally {
      this.#failInFlight.delete(fail);
    }
  }

  #fail(error: Error): void {
    for (const fail of this.#failInFlight) fail(error);
  }
}

export function proxyRef(name: string): ProxyRef {
  return { identity: { name, category: "" }, prx: null };
}

/** A remote object that notes each opening. */
export function fakeRemote(options: Partial<RemoteObjectOptions> = {}) {
  const opened: Login[] = [];
  const open = async (login: Login) => {
    opened.push(login);
    return proxyRef("object");
  };
  return { opened, remote: new RemoteObject({ sliceId: "::omero::api::IQuery", open, ...options }) };
}
