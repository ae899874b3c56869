/** Messages of Arrow Flight (the Flight RPC page of the Arrow columnar format), as far as they are used here. */
import protobuf from "protobufjs/light.js";

type Fields = Readonly<Record<string, { readonly id: number; readonly type: string; readonly rule?: string }>>;

const bytes = (id: number) => ({ id, type: "bytes" });
const text = (id: number) => ({ id, type: "string" });
const list = (id: number, type: string) => ({ id, type, rule: "repeated" });

const FIELDS = {
  HandshakeRequest: { protocolVersion: { id: 1, type: "uint64" }, payload: bytes(2) },
  HandshakeResponse: { protocolVersion: { id: 1, type: "uint64" }, payload: bytes(2) },
  BasicAuth: { username: text(2), password: text(3) },
  Empty: {},
  ActionType: { type: text(1), description: text(2) },
  Criteria: { expression: bytes(1) },
  Action: { type: text(1), body: bytes(2) },
  Result: { body: bytes(1) },
  SchemaResult: { schema: bytes(1) },
  FlightDescriptor: { type: { id: 1, type: "int32" }, cmd: bytes(2), path: list(3, "string") },
  Ticket: { ticket: bytes(1) },
  Location: { uri: text(1) },
  FlightEndpoint: { ticket: { id: 1, type: "Ticket" }, location: list(2, "Location") },
  FlightInfo: {
    schema: bytes(1),
    flightDescriptor: { id: 2, type: "FlightDescriptor" },
    endpoint: list(3, "FlightEndpoint"),
    totalRecords: { id: 4, type: "int64" },
    totalBytes: { id: 5, type: "int64" },
    ordered: { id: 6, type: "bool" },
  },
  PollInfo: { info: { id: 1, type: "FlightInfo" }, progress: { id: 3, type: "double" } },
  FlightData: {
    flightDescriptor: { id: 1, type: "FlightDescriptor" },
    dataHeader: bytes(2),
    appMetadata: bytes(3),
    dataBody: bytes(1000),
  },
  PutResult: { appMetadata: bytes(1) },
} satisfies Record<string, Fields>;

export type MessageName = keyof typeof FIELDS;

/** Kinds of descriptors. */
export const DescriptorType = { unknown: 0, path: 1, command: 2 } as const;

export interface FlightDescriptor {
  readonly type: number;
  readonly cmd: Uint8Array;
  readonly path: readonly string[];
}

export interface FlightInfo {
  readonly schema: Uint8Array;
  readonly flightDescriptor: FlightDescriptor;
  readonly endpoint: readonly { readonly ticket: Ticket }[];
  /** -1 where it is not known. */
  readonly totalRecords: number;
  readonly totalBytes: number;
  readonly ordered: boolean;
}

export interface Ticket {
  readonly ticket: Uint8Array;
}

/** What a client sends of a stream of record batches: a message of Arrow's IPC format in each. */
export interface FlightData {
  readonly flightDescriptor: FlightDescriptor | null;
  readonly dataHeader: Uint8Array;
  readonly dataBody: Uint8Array;
}

export interface Action {
  readonly type: string;
  readonly body: Uint8Array;
}

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(FIELDS).map(([name, fields]) => [name, { fields }])),
});

export function encodeMessage(name: MessageName, value: object): Buffer {
  return root.lookupType(name).encode(value).finish() as Buffer;
}

/** @throws RangeError, Error for bytes that are no such message */
export function decodeMessage<Message>(name: MessageName, encoded: Uint8Array): Message {
  return root.lookupType(name).decode(encoded) as Message;
}
