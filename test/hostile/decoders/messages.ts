/** Whole messages, as a server gets them from a client and a client from a server: recorded ones, with their headers. */

import { greet } from "../../../src/connect/ice/client/client-connection.js";
import { sendRequest } from "../../../src/connect/ice/client/invoke.js";
import { toOmeroError } from "../../../src/connect/ice/client/server-exceptions.js";
import { decodeException, decodeResult } from "../../../src/connect/ice/codec/codec.js";
import { getOperation } from "../../../src/connect/ice/schema/schema.js";
import { RequestRoom } from "../../../src/connect/ice/serve/request-room.js";
import { ClientConnection, type ConnectionSetting } from "../../../src/connect/ice/serve/server-connection.js";
import type { ByteChannel, ByteChannelListener } from "../../../src/connect/ice/transport/byte-channel.js";
import { createCommunicator } from "../../../src/connect/ice/transport/communicator.js";
import { type Address, lossError, timeoutError } from "../../../src/connect/ice/transport/connection-errors.js";
import { closeConnection } from "../../../src/connect/ice/transport/guarded-connection.js";
import { type IceCommunicator, type IceRuntime, loadIce } from "../../../src/connect/ice/transport/ice-runtime.js";
import { OmeroError, WireError } from "../../../src/errors.js";
import { callTo } from "../../support/calls.js";
import type { Decoder, Seed } from "../decoder.js";
import { message } from "../frames.js";
import { realProxies } from "../real-proxies.js";
import { type RecordedMessage, recordedTraffic } from "../recordings/recorded-traffic.js";

const SIZE_MAX = 1 << 20;
const HEADER = 14;
const REQUEST_ID_AT = 14;
const REQUEST = 0;
const BATCH = 1;
const REPLY = 2;
/** The id of a connection's first request. */
const FIRST_ID = Uint8Array.of(1, 0, 0, 0);
const STATUS_AT = 18;
/** Of the encoding: routers answer in the one that they are spoken to in. */
const MINOR_VERSION_AT = 24;
/** A connection's first message: the server is ready. */
const GREETING = message(3, new Uint8Array(0));
const STALL = 60_000;
const ADDRESS: Address = { host: "omero.example.org", port: 4063, transport: "tcp" };

/** A peer in the same process: what it says comes as if from the network, and then it hangs up. */
class Peer implements ByteChannel {
  readonly transport = "tcp";
  readonly description = "a peer in this process";
  readonly bytesReceived = 0;
  readonly bytesSent = 0;
  readonly bytesUnsent = 0;
  readonly heard: Uint8Array[] = [];
  /** Called when something is written. */
  onWrite: () => void = () => {};
  #listener: ByteChannelListener | undefined;
  #said: Uint8Array[] = [];
  #flowing = false;
  #leaving = false;
  #gone = false;

  /** Whether the other side has hung up before this did. */
  leftAlone = false;

  listen(listener: ByteChannelListener): void {
    this.#listener = listener;
  }

  write(bytes: Uint8Array): boolean {
    this.heard.push(bytes.slice());
    this.onWrite();
    return true;
  }

  say(...bytes: readonly Uint8Array[]): void {
    this.#said.push(...bytes);
    if (this.#flowing) queueMicrotask(() => this.#deliver());
  }

  hangUp(): void {
    this.#leaving = true;
    if (this.#flowing) queueMicrotask(() => this.#deliver());
  }

  pause(): void {
    this.#flowing = false;
  }

  resume(): void {
    this.#flowing = true;
    queueMicrotask(() => this.#deliver());
  }

  keepProcessAlive(): void {}

  destroy(): void {
    this.#said = [];
    this.leftAlone = !this.#gone;
    this.#gone = true;
  }

  #deliver(): void {
    while (this.#flowing && this.#said.length > 0) this.#listener!.data(this.#said.shift()!);
    if (!this.#flowing || !this.#leaving || this.#gone || this.#said.length > 0) return;
    this.#gone = true;
    this.#listener!.closed();
  }
}

interface Wire {
  readonly ice: IceRuntime;
  readonly communicator: IceCommunicator;
  readonly setting: ConnectionSetting;
}

let wire: Promise<Wire> | undefined;

async function makeWire(): Promise<Wire> {
  const ice = await loadIce();
  const communicator = createCommunicator(ice, SIZE_MAX);
  const { codecs } = await realProxies();
  const room = new RequestRoom(SIZE_MAX);
  const limits = { messageSizeMax: SIZE_MAX, strangerSizeMax: SIZE_MAX, concurrency: 64, room };
  const setting = { ice, communicator, ...limits, proxyCodecs: codecs, find: () => undefined };
  return { ice, communicator, setting };
}

async function openWire(): Promise<Wire> {
  wire ??= makeWire();
  return wire;
}

async function closeWire(): Promise<void> {
  await (await wire)?.communicator.destroy();
  await (await realProxies()).close();
}

/** Requests, as a server takes them from the network up to the parameters that its servant is called with. */
export const messagesToServer: Decoder = {
  name: "messages to a server",
  share: 6,
  memory: { perByte: 512, free: 16 << 20 },
  async seeds() {
    const given = await openWire();
    const requests = recordedTraffic().filter(({ kind }) => kind === "request");
    const single = requests.flatMap(({ bytes, service }) => {
      const decode = (damaged: Uint8Array) => serve(given, service, damaged);
      return [
        { bytes, decode },
        { bytes: bytes.slice(HEADER), decode: (body: Uint8Array) => decode(message(REQUEST, body)) },
      ];
    });
    return [...single, ...batches(given, requests)];
  },
  close: closeWire,
};

/** Several requests without answers in one message; and messages of other kinds, one after the other. */
function batches(given: Wire, requests: readonly RecordedMessage[]): Seed[] {
  const same = requests.filter(({ service }) => service === "::omero::grid::Table").slice(0, 8);
  const bodies = same.map(({ bytes }) => bytes.subarray(REQUEST_ID_AT + 4));
  const batch = message(BATCH, Buffer.concat([Uint8Array.of(bodies.length, 0, 0, 0), ...bodies]));
  const mixed = Buffer.concat([GREETING, batch, ...same.map(({ bytes }) => bytes), GREETING]);
  return [batch, mixed].map((bytes) => ({
    bytes: Uint8Array.from(bytes),
    decode: (damaged: Uint8Array) => serve(given, "::omero::grid::Table", damaged),
  }));
}

/** Takes any call, and answers nothing. */
const SERVANT = new Proxy({}, { get: () => () => undefined, has: () => false });

async function serve({ setting }: Wire, sliceId: string, bytes: Uint8Array): Promise<void> {
  const peer = new Peer();
  const failures: unknown[] = [];
  const connection = new ClientConnection(
    {
      ...setting,
      find: ({ identity }) => ({ identity, sliceId, servant: SERVANT }),
      onServantError: (error) => failures.push(error),
    },
    peer,
    "a peer",
  );
  const closed = new Promise<void>((resolve) => connection.onClose(resolve));
  connection.start();
  peer.say(bytes);
  peer.hangUp();
  await closed;
  const ours = failures.every((error) => error instanceof OmeroError);
  if (!ours) throw failures.find((error) => !(error instanceof OmeroError));
  const answers = Buffer.concat(peer.heard.slice(1));
  for (let at = 0; at < answers.length; at += answers.readInt32LE(at + 10)) checkAnswer(answers.subarray(at));
  if (peer.leftAlone) throw new WireError("MALFORMED_MESSAGE", "the server hung up");
}

function checkAnswer(answer: Buffer): void {
  const size = answer.length < HEADER ? -1 : answer.readInt32LE(10);
  if (answer.subarray(0, 4).toString() !== "IceP" || size < HEADER || size > answer.length) {
    throw new Error(`an answer that is none: ${answer.subarray(0, 40).toString("hex")}`);
  }
}

/** Greetings and answers, as a client takes them from the network up to the values that its caller gets. */
export const messagesToClient: Decoder = {
  name: "messages to a client",
  share: 6,
  memory: { perByte: 512, free: 16 << 20 },
  async seeds() {
    const given = await openWire();
    const replies = recordedTraffic().filter(({ kind }) => kind === "reply");
    return (await Promise.all([...replies, ...failures()].map((reply) => replySeeds(given, reply)))).flat();
  },
  close: closeWire,
};

/** With its header, and without: the size in it is right then, whatever the damage. */
async function replySeeds(given: Wire, reply: RecordedMessage): Promise<Seed[]> {
  const first = withFirstId(reply.bytes);
  const decode = (damaged: Uint8Array) => ask(given, reply, damaged);
  const decodeBody = (damaged: Uint8Array) => {
    return decode(Buffer.concat([GREETING, message(REPLY, Buffer.concat([FIRST_ID, damaged]))]));
  };
  const whole = Uint8Array.from(Buffer.concat([GREETING, first]));
  const honest = reply.bytes[STATUS_AT] === 0 && reply.bytes[MINOR_VERSION_AT] === 0;
  const refused = honest ? undefined : await decode(whole).catch((error: OmeroError) => error.code);
  const outcome = refused === undefined ? {} : { refused };
  return [
    { bytes: whole, decode, ...outcome },
    { bytes: first.slice(STATUS_AT), decode: decodeBody, ...outcome },
  ];
}

function withFirstId(reply: Uint8Array): Uint8Array {
  const copy = reply.slice();
  copy.set(FIRST_ID, REQUEST_ID_AT);
  return copy;
}

/** Answers of the statuses that say why there is none. */
function failures(): RecordedMessage[] {
  const text = (content: string) => [content.length, ...Buffer.from(content)];
  const identity = [...text("name"), ...text("category"), 1, ...text("facet"), ...text("operation")];
  const said = text("::Ice::MarshalException: some reason\nat Table.read(Tables.java:12)");
  return [2, 3, 4, 5, 6, 7].map((status) => ({
    kind: "reply",
    service: "::omero::grid::Table",
    operation: "read",
    bytes: message(REPLY, Uint8Array.from([1, 0, 0, 0, status, ...(status < 5 ? identity : said)])),
  }));
}

/** A greeting that announces more than itself is waited for. */
function impatience(): AbortSignal {
  const controller = new AbortController();
  let turns = 5;
  const turn = () => {
    if (turns-- > 0) setImmediate(turn);
    else controller.abort(timeoutError(ADDRESS, "greeting"));
  };
  turn();
  return controller.signal;
}

async function ask(wire: Wire, { service, operation: name }: RecordedMessage, bytes: Uint8Array): Promise<void> {
  const { ice, communicator, setting } = wire;
  const peer = new Peer();
  const greeting = bytes.subarray(0, HEADER);
  peer.say(greeting);
  if (greeting.length < HEADER) peer.hangUp();
  peer.onWrite = () => {
    peer.say(bytes.subarray(HEADER));
    peer.hangUp();
  };
  const connection = await greet(ice, communicator, peer, ADDRESS, STALL, impatience());
  const operation = getOperation(service, name);
  const label = `call of ${name}`;
  try {
    const proxy = connection.createProxy(new ice.Identity("name", "category"));
    const request = { ice, messageSizeMax: SIZE_MAX, context: new Map<string, string>() };
    const connectionError: Parameters<typeof sendRequest>[0]["connectionError"] = (exception) =>
      lossError(ADDRESS, exception, label);
    const sent = { ...request, connectionError, onReply: () => {} };
    const { kind, body } = await sendRequest(sent, callTo(proxy, name, operation.mode, undefined, { label }));
    const proxies = setting.proxyCodecs["1.0"];
    if (kind === "userException") throw toOmeroError(decodeException(body, proxies), { operation: label });
    decodeResult(operation, body, proxies);
  } finally {
    closeConnection(ice, connection, new ice.ConnectionTimeoutException());
  }
}
