/**
 * The client behind `IceClient`.
 */
import { ArgumentError, ConnectionError, type OmeroError, ServerError } from "../../../errors.js";
import { onAbort } from "../../../flow/abort.js";
import { inBackground } from "../../../flow/failures.js";
import { createProxyCodec, icePrx, proxyRef } from "../codec/proxy-codec.js";
import type { ProxyCodec, ProxyRef } from "../codec/proxy-ref.js";
import type { Operation } from "../schema/schema.js";
import type { ByteChannel, Transport } from "../transport/byte-channel.js";
import { type Address, at, lossError } from "../transport/connection-errors.js";
import { closeConnection } from "../transport/guarded-connection.js";
import type {
  IceCommunicator,
  IceConnection,
  IceLocalException,
  IceProxy,
  IceRuntime,
} from "../transport/ice-runtime.js";
import { StallWatch } from "../transport/stall-watch.js";
import type { Call, RawReply } from "./call.js";
import { checkLimits, remainingLimits, withinLimits } from "./call-limits.js";
import { type RequestSetting, sendRequest } from "./invoke.js";
import { isUnknownToRouter } from "./reply-failures.js";
import { RoutingTable } from "./routing-table.js";
import { serviceProxy } from "./service-proxy.js";

/**
 * Milliseconds between heartbeats on a connection. A router gives up connections on which nothing came for a while: a
 * minute, unless it is set up otherwise.
 */
const HEARTBEAT_INTERVAL = 10_000;
/** Times a request is sent that the router refuses because it has forgotten the object. */
const MOST_ATTEMPTS = 20;
/** Milliseconds that the server has to close the connection when asked. */
const CLOSE_PATIENCE = 500;
const ROUTER = "OMERO.Glacier2/router";
const NONMUTATING = 1;
const IDEMPOTENT = 2;

export interface ClientLimits {
  /** Bytes. */
  readonly messageSizeMax: number;
  /** Milliseconds. */
  readonly stallTimeout: number;
}

export class RouterClient {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  readonly router: ProxyRef;
  readonly proxyCodec: ProxyCodec;
  readonly #ice: IceRuntime;
  readonly #communicator: IceCommunicator;
  readonly #connection: IceConnection;
  readonly #channel: ByteChannel;
  readonly #context = new Map<string, string>();
  readonly #request: RequestSetting;
  readonly #routing: RoutingTable;
  readonly #fixed = new WeakMap<ProxyRef, IceProxy>();
  readonly #closeListeners = new Set<(cause: OmeroError) => void>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #stallWatch: StallWatch;
  #inFlight = 0;
  /** Why the client is of no more use. */
  #ended: OmeroError | undefined;
  #destroyed: Promise<void> | undefined;

  constructor(
    ice: IceRuntime,
    communicator: IceCommunicator,
    connection: IceConnection,
    channel: ByteChannel,
    address: Address,
    { messageSizeMax, stallTimeout }: ClientLimits,
  ) {
    this.host = address.host;
    this.port = address.port;
    this.transport = address.transport;
    this.#ice = ice;
    this.#communicator = communicator;
    this.#connection = connection;
    this.#channel = channel;
    this.proxyCodec = createProxyCodec(ice, communicator.instance);
    this.router = this.proxy(ROUTER);
    this.#request = {
      ice,
      messageSizeMax,
      context: this.#context,
      connectionError: (exception, label) => this.#failureOf(exception, label),
      onReply: () => this.#stallWatch.answered(),
    };
    this.#routing = new RoutingTable(this.proxyCodec, (params) => this.#addProxies(params));
    connection.setCloseCallback(() => this.#lost(connection._exception));
    this.#heartbeat = setInterval(() => inBackground(connection.heartbeat()), HEARTBEAT_INTERVAL).unref();
    const ping = () => this.#pingRouter();
    this.#stallWatch = new StallWatch({ channel, timeout: stallTimeout, ping, onStall: () => this.#closeAtOnce() });
    channel.keepProcessAlive(false);
  }

  get connected(): boolean {
    return this.#ended === undefined;
  }

  get bytesReceived(): number {
    return this.#channel.bytesReceived;
  }

  get bytesSent(): number {
    return this.#channel.bytesSent;
  }

  get bytesUnsent(): number {
    return this.#channel.bytesUnsent;
  }

  proxy(text: string): ProxyRef {
    let prx: IceProxy | null = null;
    try {
      prx = this.#communicator.stringToProxy(text);
    } catch {
      throw new ArgumentError("INVALID_ARGUMENT", `"${text}" is no Ice proxy`);
    }
    if (prx === null) throw new ArgumentError("INVALID_ARGUMENT", "an Ice proxy cannot be empty");
    return proxyRef(prx);
  }

  setContext(key: string, value: string | undefined): void {
    if (value === undefined) this.#context.delete(key);
    else this.#context.set(key, value);
  }

  onClose(listener: (cause: OmeroError) => void): () => void {
    if (this.#ended && !this.#destroyed) {
      const cause = this.#ended;
      queueMicrotask(() => listener(cause));
    } else {
      this.#closeListeners.add(listener);
    }
    return () => void this.#closeListeners.delete(listener);
  }

  service<T>(proxy: ProxyRef, sliceId: string): T {
    return serviceProxy(this, proxy, sliceId) as T;
  }

  async invoke(call: Call<ProxyRef>): Promise<RawReply> {
    if (this.#ended) throw this.#endedError(call.label);
    checkLimits(call.limits, call.label);
    const release = this.keepBusy();
    const endWaiting = onAbort(call.limits.abandoned, release);
    try {
      return await this.#invokeRouted(call);
    } finally {
      endWaiting();
      release();
    }
  }

  keepBusy(): () => void {
    let busy = true;
    this.#busy(1);
    return () => {
      if (busy) this.#busy(-1);
      busy = false;
    };
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  async #invokeRouted(call: Call<ProxyRef>): Promise<RawReply> {
    const { target, label } = call;
    const limits = remainingLimits(call.limits);
    const send = () => this.#send({ ...call, limits: limits() });
    if (isRouter(target)) return send();
    for (let attempt = 1; ; attempt++) {
      // Without a pause where the router knows the object, so that a last request can go out when the process exits.
      if (!this.#routing.knows(target)) await withinLimits(this.#routing.add(target), label, limits());
      try {
        return await send();
      } catch (error) {
        // The router has not passed the request on, so it may be sent again.
        if (!isUnknownToRouter(error) || attempt === MOST_ATTEMPTS) throw error;
        this.#routing.forget(target);
      }
    }
  }

  #send(call: Call<ProxyRef>): Promise<RawReply> {
    return sendRequest(this.#request, { ...call, target: this.#fixedProxy(call.target) });
  }

  async #addProxies(parameters: Uint8Array): Promise<Uint8Array> {
    return (await this.#send(this.#routerCall("addProxies", IDEMPOTENT, [parameters]))).body;
  }

  /** Whatever the answer, it is a sign of life. */
  #pingRouter(): void {
    inBackground(this.#send(this.#routerCall("ice_ping", NONMUTATING, [])));
  }

  #routerCall(name: string, mode: Operation["mode"], parameters: readonly Uint8Array[]): Call<ProxyRef> {
    const label = `Router.${name}`;
    return { target: this.router, operation: { name, mode }, parameters, context: {}, limits: {}, label };
  }

  /** A proxy that sends through our connection, whatever endpoints the original carries. */
  #fixedProxy(proxy: ProxyRef): IceProxy {
    let fixed = this.#fixed.get(proxy);
    if (!fixed) {
      const prx = icePrx(proxy);
      fixed = this.#connection.createProxy(prx.ice_getIdentity()).ice_facet(prx.ice_getFacet());
      this.#fixed.set(proxy, fixed);
    }
    return fixed;
  }

  /** An idle connection does not keep the process alive; one with requests in flight does. */
  #busy(change: 1 | -1): void {
    this.#inFlight += change;
    if (this.#inFlight === 0) this.#stallWatch.stop();
    else if (this.#inFlight === 1 && change === 1) this.#stallWatch.start();
    if (this.#inFlight === 0 && !this.#destroyed) this.#channel.keepProcessAlive(false);
    else if (this.#inFlight === 1 && change === 1) this.#channel.keepProcessAlive(true);
  }

  #failureOf(exception: IceLocalException, label: string): OmeroError {
    return this.#ended ? this.#endedError(label) : lossError(this, exception, label);
  }

  #endedError(operation: string): OmeroError {
    const { code, message, host, port, cause } = this.#ended!;
    const details = { host, port, operation, cause };
    if (this.#ended instanceof ServerError) return new ServerError(this.#ended.code, message, details);
    return new ConnectionError(code as ConnectionError["code"], message, details);
  }

  #lost(exception: IceLocalException | null): void {
    clearInterval(this.#heartbeat);
    this.#stallWatch.stop();
    if (this.#ended) return;
    this.#ended = lossError(this, exception);
    for (const listener of this.#closeListeners) listener(this.#ended);
    this.#closeListeners.clear();
  }

  async #destroy(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#stallWatch.stop();
    this.#closeListeners.clear();
    this.#ended ??= new ConnectionError(
      "CONNECTION_CLOSED",
      `the connection to ${at(this)} was closed by this program`,
      {
        host: this.host,
        port: this.port,
      },
    );
    this.#channel.keepProcessAlive(true);
    const patience = setTimeout(() => this.#closeAtOnce(), CLOSE_PATIENCE);
    inBackground(this.#connection.close(this.#ice.ConnectionClose.Gracefully));
    await this.#connection.waitUntilFinished();
    clearTimeout(patience);
    await this.#communicator.destroy();
  }

  #closeAtOnce(): void {
    closeConnection(this.#ice, this.#connection, new this.#ice.ConnectionTimeoutException());
  }
}

function isRouter({ identity }: ProxyRef): boolean {
  return `${identity.category}/${identity.name}` === ROUTER;
}
