/**
 * The `ice` package, loaded when first needed. Its type declarations leave out the parts this transport stands on
 * (connections, streams, proxies as references), so those are declared here, and nowhere else.
 */

import { growIntoReleasedMemory } from "./message-memory.js";

/** Growing byte buffer behind Ice's streams. */
export interface IceBuffer {
  b: ArrayBuffer;
  /** Of {@link b}. */
  v: DataView;
  position: number;
  limit: number;
  readonly remaining: number;
  /** Makes the capacity at least `size` bytes (more, if that is cheaper next time). */
  reserve(size: number): void;
}

export interface IceStream {
  readonly buffer: IceBuffer;
  readonly size: number;
  pos: number;
}

export interface IceInputStream extends IceStream {
  readProxy(): IceProxy | null;
}

export interface IceOutputStream extends IceStream {
  _buf: IceBuffer;
  writeBlob(bytes: Uint8Array): void;
  writeInt(value: number): void;
  writeByte(value: number): void;
  writeString(value: string): void;
  writeProxy(proxy: IceProxy | null): void;
}

export interface IceIdentity {
  name: string;
  category: string;
  _write(stream: IceOutputStream): void;
}

export interface IceProxy {
  ice_getIdentity(): IceIdentity;
  ice_getFacet(): string;
  ice_identity(identity: IceIdentity): IceProxy;
  ice_facet(facet: string): IceProxy;
  toString(): string;
}

/** What an Ice connection asks of its endpoint. */
export interface IceEndpoint {
  datagram(): boolean;
  secure(): boolean;
  protocol(): string;
  /** Milliseconds without progress in the middle of a message after which the connection is given up. */
  timeout(): number;
}

/** What an Ice connection asks of a transport. */
export interface IceTransceiver {
  setCallbacks(connected: () => void, bytesAvailable: () => void, bytesWritten: () => void): void;
  /** Returns the socket operation still to wait for: 0 when the transport is ready. */
  initialize(readBuffer: IceBuffer, writeBuffer: IceBuffer): number;
  register(): void;
  unregister(): void;
  close(): void;
  /** Returns true when all bytes went out; otherwise `bytesWritten` is called when there is room for more. */
  write(buffer: IceBuffer): boolean;
  /** Returns true when the buffer is full. */
  read(buffer: IceBuffer, moreData: { value: boolean }): boolean;
  type(): string;
  getInfo(): unknown;
  checkSendSize(stream: IceStream): void;
  setBufferSize(receive: number, send: number): void;
  toString(): string;
}

/** What an Ice connection asks of an object adapter; its presence makes the connection a server's. */
export interface IceAdapter {
  getName(): string;
  messageSizeMax(): number;
  getServantManager(): null;
}

export interface IceConnection {
  _state: number;
  _exception: IceLocalException | null;
  _messageSizeMax: number;
  readonly _sendStreams: readonly unknown[];
  /** Whether the header of a message is awaited, not the rest of one. */
  readonly _readHeader: boolean;
  /** The message that is coming; its size is declared by its header. */
  readonly _readStream: { readonly size: number };
  start(): Promise<void>;
  activate(): void;
  hold(): void;
  /** Advances the connection: 1 = bytes can be read, 2 = bytes can be written. */
  message(operation: number): void;
  /** Whether the buffer is full. */
  read(buffer: IceBuffer): boolean;
  setState(state: number, exception?: IceLocalException): void;
  close(mode: unknown): Promise<void>;
  waitUntilFinished(): Promise<void>;
  setCloseCallback(callback: ((connection: IceConnection) => void) | null): void;
  createProxy(identity: IceIdentity): IceProxy;
  heartbeat(): Promise<void>;
  sendResponse(stream: IceOutputStream): void;
  sendNoResponse(): void;
  invokeAll(stream: IceInputStream, count: number, requestId: number, servants: unknown, adapter: unknown): void;
  /** Closes the connection for a request that cannot be run, of which `count` were left. */
  invokeException(exception: IceLocalException, count: number): void;
  sendNextMessage(): void;
}

export interface IceLocalException extends Error {
  ice_id(): string;
  /** Node's error code, on socket exceptions. */
  error?: string;
  /** Text of a server's failure, on `UnknownException` and its kin. */
  unknown?: string;
  /** On `RequestFailedException` and its kin. */
  id?: IceIdentity;
  facet?: string;
  operation?: string;
  ice_cause?: unknown;
}

export interface IceInstance {
  messageSizeMax(): number;
}

export interface IceCommunicator {
  readonly instance: IceInstance;
  destroy(): Promise<void>;
  stringToProxy(text: string): IceProxy | null;
}

/** One invocation of `ice`; this package's requests are made of it. */
export interface IceOutgoingAsync extends Promise<void> {
  readonly operation: string;
  readonly _os: IceOutputStream;
  _is: IceInputStream | null;
  isCompleted(): boolean;
  prepare(operation: string, mode: unknown, context?: Map<string, string>): void;
  invoke(): void;
  abort(exception: unknown): void;
  cancelWithException(exception: unknown): void;
  completed(reply: IceInputStream): void;
  sent(): void;
  resolve(): void;
}

type LocalExceptionClass = new (...details: unknown[]) => IceLocalException;

/** The part of `ice` that this package uses. */
export interface IceRuntime {
  initialize(data: object): IceCommunicator;
  InitializationData: new () => { properties: unknown; logger: unknown };
  createProperties(): { setProperty(key: string, value: string): void };
  Identity: new (name: string, category: string) => IceIdentity;
  Buffer: new (bytes?: ArrayBuffer) => IceBuffer;
  InputStream: new (instance: IceInstance, encoding: unknown, bytes?: ArrayBuffer) => IceInputStream;
  OutputStream: new (instance: IceInstance, encoding: unknown) => IceOutputStream;
  OutgoingAsync: new (
    proxy: IceProxy,
    operation: string,
    completed: (result: IceOutgoingAsync) => void,
  ) => IceOutgoingAsync;
  ConnectionI: new (
    communicator: IceCommunicator,
    instance: IceInstance,
    monitor: null,
    transceiver: IceTransceiver,
    endpoint: IceEndpoint,
    incoming: boolean,
    adapter: IceAdapter | null,
  ) => IceConnection;
  Debug: { assert(condition: boolean, message?: string): void };
  OperationMode: { valueOf(mode: number): unknown };
  ConnectionClose: { Forcefully: unknown; Gracefully: unknown };
  Encoding_1_0: unknown;
  Encoding_1_1: unknown;
  LocalException: LocalExceptionClass;
  SocketException: LocalExceptionClass;
  ConnectionLostException: LocalExceptionClass;
  ConnectionTimeoutException: LocalExceptionClass;
  MarshalException: LocalExceptionClass;
}

let loading: Promise<IceRuntime> | undefined;

/** Loads `ice` once. */
export function loadIce(): Promise<IceRuntime> {
  loading ??= importIce();
  return loading;
}

async function importIce(): Promise<IceRuntime> {
  const restore = standInForNavigator();
  try {
    const module = await import("ice");
    const ice = module.Ice as unknown as IceRuntime;
    ice.Debug.assert = throwUnless;
    growIntoReleasedMemory(ice.Buffer.prototype);
    return ice;
  } finally {
    restore();
  }
}

/** Takes the place of Ice's own assertion, which ends the process: what a peer sends must never do that. */
function throwUnless(condition: boolean, message = "Ice came into a state it does not expect"): void {
  if (!condition) throw new Error(message);
}

/** Where there is a `WebSocket` but no `navigator` (Node 20 with its flag), `ice` fails to load for want of the latter. */
function standInForNavigator(): () => void {
  if (typeof WebSocket === "undefined" || "navigator" in globalThis) return () => {};
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "" }, configurable: true });
  return () => Reflect.deleteProperty(globalThis, "navigator");
}
