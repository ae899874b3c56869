/**
 * An Ice server: objects under identities, offered on TCP and TLS ports.
 */
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { ArgumentError } from "../../../errors.js";
import { createProxyCodec, proxyRef } from "../codec/proxy-codec.js";
import type { Identity, ProxyCodec, ProxyRef } from "../codec/proxy-ref.js";
import { socketChannel } from "../transport/byte-channel.js";
import { createCommunicator, DEFAULT_MESSAGE_SIZE_MAX } from "../transport/communicator.js";
import { type IceCommunicator, type IceRuntime, loadIce } from "../transport/ice-runtime.js";
import { readDirectly } from "./direct-reading.js";
import { RequestRoom } from "./request-room.js";
import { type Current, ObjectRegistry, type ServedObject } from "./served-object.js";
import { ClientConnection, type ConnectionSetting } from "./server-connection.js";
import { type ServerTls, tlsServerOptions } from "./tls-server.js";

export interface IceServerOptions {
  /** Largest message taken or sent, in bytes; 250,000 KiB unless given. */
  messageSizeMax?: number;
  /** Largest message taken from a connection until `ClientConnection.trust()`; `messageSizeMax` unless given. */
  strangerSizeMax?: number;
  /** Milliseconds after which a connection that is not trusted by then is ended; never unless given. */
  strangerTimeout?: number;
  /** Requests of one connection worked on at a time; 64 unless given. */
  concurrency?: number;
  /** Milliseconds between heartbeats to clients that wait for an answer; 15,000 unless given. */
  heartbeatInterval?: number;
  /**
   * Bytes of large requests (64 KiB and more) of all connections that are read and worked on at a time; 1 GiB unless given.
   * Others are left unread meanwhile.
   */
  requestBytes?: number;
  /** Connections of one port at a time; 1,000 unless given. */
  maxConnections?: number;
  /**
   * Decides which object answers a call, or none: by default the one registered under the identity. This is where a
   * session's objects are kept from other connections.
   */
  resolve?: (current: Current, registered: ServedObject | undefined) => ServedObject | undefined;
  onConnection?: (connection: ClientConnection) => void;
  /** Is told of servants' failures that are no user exceptions; clients get only their message. */
  onServantError?: (error: unknown, current: Current) => void;
}

export interface ListenOptions {
  /** `127.0.0.1` unless given. */
  host?: string;
  /** 0 for any free port. */
  port: number;
  /** TLS instead of plain TCP. */
  tls?: ServerTls;
}

export interface IceListener {
  readonly host: string;
  readonly port: number;
  readonly transport: "tcp" | "ssl";
  /** Takes no more connections, and ends those there are. */
  close(): Promise<void>;
}

export interface IceServer {
  readonly proxyCodec: ProxyCodec;
  readonly connections: ReadonlySet<ClientConnection>;
  /** @throws the system's error, with `code` `EADDRINUSE` for example. */
  listen(options: ListenOptions): Promise<IceListener>;
  /** Offers an object. @throws ArgumentError `INVALID_ARGUMENT` if the identity is taken or empty. */
  register(object: ServedObject): ProxyRef;
  /** @returns false if there was none. */
  unregister(identity: Identity): boolean;
  /**
   * A proxy of an identity, registered or not, that carries the given listener's endpoint, or none: clients of a
   * router need none.
   */
  proxy(identity: Identity, listener?: IceListener): ProxyRef;
  /** Ends every connection and listener. May be called again. */
  close(): Promise<void>;
}

export async function createIceServer(options: IceServerOptions = {}): Promise<IceServer> {
  const ice = await loadIce();
  const communicator = createCommunicator(ice, options.messageSizeMax ?? DEFAULT_MESSAGE_SIZE_MAX);
  return new ObjectServer(ice, communicator, options);
}

const DEFAULT_REQUEST_BYTES = 1 << 30;
/** Ice's clients give up after a minute without a sign of life while they wait. */
const HEARTBEAT_INTERVAL = 15_000;
/** Silence after which TCP itself asks whether the client is there. */
const KEEP_ALIVE_DELAY = 60_000;

/** What a listener must end when it closes: sockets still in a TLS handshake are no connections yet. */
interface OpenSockets {
  readonly sockets: Set<Socket>;
  readonly connections: Set<ClientConnection>;
}

class ObjectServer implements IceServer {
  readonly proxyCodec: ProxyCodec;
  readonly connections = new Set<ClientConnection>();
  readonly #ice: IceRuntime;
  readonly #communicator: IceCommunicator;
  readonly #options: IceServerOptions;
  readonly #registry = new ObjectRegistry();
  readonly #listeners = new Set<IceListener>();
  readonly #setting: ConnectionSetting;
  readonly #heartbeat: NodeJS.Timeout;
  #closed: Promise<void> | undefined;

  constructor(ice: IceRuntime, communicator: IceCommunicator, options: IceServerOptions) {
    this.#ice = ice;
    this.#communicator = communicator;
    this.#options = options;
    this.proxyCodec = createProxyCodec(ice, communicator.instance);
    const messageSizeMax = options.messageSizeMax ?? DEFAULT_MESSAGE_SIZE_MAX;
    const resolve = options.resolve ?? ((_current, registered) => registered);
    this.#setting = {
      ice,
      communicator,
      messageSizeMax,
      strangerSizeMax: options.strangerSizeMax ?? messageSizeMax,
      strangerTimeout: options.strangerTimeout,
      concurrency: options.concurrency ?? 64,
      room: new RequestRoom(options.requestBytes ?? DEFAULT_REQUEST_BYTES),
      proxyCodecs: {
        "1.0": this.proxyCodec,
        "1.1": createProxyCodec(ice, communicator.instance, ice.Encoding_1_1),
      },
      find: (current) => resolve(current, this.#registry.find(current.identity)),
      ...(options.onServantError && { onServantError: options.onServantError }),
    };
    const reassure = () => {
      for (const connection of this.connections) connection.reassure();
    };
    this.#heartbeat = setInterval(reassure, options.heartbeatInterval ?? HEARTBEAT_INTERVAL).unref();
  }

  async listen({ host = "127.0.0.1", port, tls }: ListenOptions): Promise<IceListener> {
    const own: OpenSockets = { sockets: new Set(), connections: new Set() };
    const server = tls ? createTlsServer(this.#tlsOptions(tls)) : createTcpServer();
    const transport = tls ? "ssl" : "tcp";
    server.maxConnections = this.#options.maxConnections ?? 1000;
    server.on("connection", (socket: Socket) => {
      own.sockets.add(socket);
      // A socket that fails is closed by Node; its connection notices that.
      socket.on("error", () => {});
      socket.once("close", () => own.sockets.delete(socket));
    });
    server.on(tls ? "secureConnection" : "connection", (socket: Socket) => {
      const connection = this.#accept(socket, transport);
      own.connections.add(connection);
      connection.onClose(() => own.connections.delete(connection));
    });
    // A handshake that takes too long is only told of; the socket would stay.
    server.on("tlsClientError", (_error, socket: Socket) => socket.destroy());
    await listening(server, host, port);
    const listener = this.#listener(server, own, host, transport);
    this.#listeners.add(listener);
    return listener;
  }

  #tlsOptions(tls: ServerTls) {
    const { strangerTimeout } = this.#options;
    return { ...tlsServerOptions(tls), ...(strangerTimeout !== undefined && { handshakeTimeout: strangerTimeout }) };
  }

  register(object: ServedObject): ProxyRef {
    const { name, category } = object.identity;
    if (name === "") throw new ArgumentError("INVALID_ARGUMENT", "an object needs a name");
    if (!this.#registry.add(object)) {
      throw new ArgumentError("INVALID_ARGUMENT", `there is an object ${category}/${name} already`);
    }
    return this.proxy(object.identity);
  }

  unregister(identity: Identity): boolean {
    return this.#registry.remove(identity);
  }

  proxy({ name, category }: Identity, listener?: IceListener): ProxyRef {
    const endpoint = listener ? `:${listener.transport} -h "${listener.host}" -p ${listener.port}` : "";
    const prx = this.#communicator.stringToProxy(`any${endpoint}`)!;
    return proxyRef(prx.ice_identity(new this.#ice.Identity(name, category)));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #accept(socket: Socket, transport: "tcp" | "ssl"): ClientConnection {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY);
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const connection = new ClientConnection(
      this.#setting,
      socketChannel(socket, transport, readDirectly(socket)),
      peer,
    );
    this.connections.add(connection);
    connection.onClose(() => this.connections.delete(connection));
    this.#options.onConnection?.(connection);
    connection.start();
    return connection;
  }

  #listener(server: Server, own: OpenSockets, host: string, transport: "tcp" | "ssl"): IceListener {
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const listener: IceListener = {
      host,
      port,
      transport,
      close: async () => {
        this.#listeners.delete(listener);
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        await Promise.all([...own.connections].map((connection) => connection.close()));
        for (const socket of own.sockets) socket.destroy();
        await closed;
      },
    };
    return listener;
  }

  async #close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await Promise.all([...this.#listeners].map((listener) => listener.close()));
    await this.#communicator.destroy();
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      // What can fail later is taking one connection, for want of file handles; its client notices.
      server.on("error", () => {});
      resolve();
    });
  });
}
