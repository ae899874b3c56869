/** A client of Flight on gRPC alone, which can send what no proper client would. */
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  makeClientConstructor,
  type ServiceError,
} from "@grpc/grpc-js";
import { RecordBatchStreamWriter, type Table, tableFromIPC } from "apache-arrow";
import { DescriptorType, type FlightData, type FlightInfo } from "../../src/flight/protocol/messages.js";
import { FLIGHT_SERVICE } from "../../src/flight/protocol/service.js";
import { ipcMessages } from "../../src/formats/arrow/ipc/ipc-messages.js";

type Answer<T> = (error: ServiceError | null, value: T) => void;

interface FlightStub {
  Handshake(metadata: Metadata): ClientDuplexStream<object, { payload: Buffer }>;
  ListFlights(request: object, metadata: Metadata): ClientReadableStream<FlightInfo>;
  GetFlightInfo(request: object, metadata: Metadata, answer: Answer<FlightInfo>): void;
  DoGet(request: object, metadata: Metadata, options?: object): ClientReadableStream<FlightData>;
  DoPut(metadata: Metadata): ClientDuplexStream<object, { appMetadata: Buffer }>;
  DoAction(request: object, metadata: Metadata): ClientReadableStream<{ body: Buffer }>;
  close(): void;
}

const Stub = makeClientConstructor(FLIGHT_SERVICE, "FlightService");
const UNLIMITED = { "grpc.max_receive_message_length": -1 };

export class FlightClient implements Disposable {
  readonly stub: FlightStub;
  readonly metadata: Metadata;

  constructor(port: number, authorization?: string, root?: Buffer) {
    const channel = root === undefined ? credentials.createInsecure() : credentials.createSsl(root);
    this.stub = new Stub(`127.0.0.1:${port}`, channel, UNLIMITED) as unknown as FlightStub;
    this.metadata = new Metadata();
    if (authorization !== undefined) this.metadata.set("authorization", authorization);
  }

  static basic(port: number, username: string, password: string, root?: Buffer): FlightClient {
    return new FlightClient(port, `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`, root);
  }

  info(descriptor: object): Promise<FlightInfo> {
    return new Promise((resolve, reject) =>
      this.stub.GetFlightInfo(descriptor, this.metadata, (error, info) => (error ? reject(error) : resolve(info))),
    );
  }

  list(criteria?: object): Promise<FlightInfo[]> {
    const expression = criteria === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(criteria));
    return collect(this.stub.ListFlights({ expression }, this.metadata));
  }

  act(type: string, body: object = {}): Promise<{ body: Buffer }[]> {
    return collect(this.stub.DoAction({ type, body: Buffer.from(JSON.stringify(body)) }, this.metadata));
  }

  async get(ticket: Uint8Array): Promise<Table> {
    const messages = await collect<FlightData>(this.stub.DoGet({ ticket }, this.metadata));
    return tableFromIPC(Buffer.concat(messages.flatMap(streamBytes)));
  }

  /** All parts of a table, in order. */
  async read(descriptor: object): Promise<Table> {
    const { endpoint } = await this.info(descriptor);
    const parts: Table[] = [];
    for (const { ticket } of endpoint) parts.push(await this.get(ticket.ticket));
    return parts.reduce((all, part) => all.concat(part));
  }

  async put(table: Table, flightDescriptor: object): Promise<{ fileId: number; rowCount: number }> {
    const call = this.stub.DoPut(this.metadata);
    const answer = collect<{ appMetadata: Buffer }>(call);
    for (const [index, message] of putMessages(table).entries())
      call.write(index === 0 ? { ...message, flightDescriptor } : message);
    call.end();
    return JSON.parse(String((await answer)[0]!.appMetadata));
  }

  [Symbol.dispose](): void {
    this.stub.close();
  }
}

export const pathOf = (...path: (string | number)[]) => ({ type: DescriptorType.path, path: path.map(String) });
export const commandOf = (command: object) => ({
  type: DescriptorType.command,
  cmd: Buffer.from(JSON.stringify(command)),
});

export async function collect<T>(call: AsyncIterable<unknown>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of call) all.push(item as T);
  return all;
}

function streamBytes({ dataHeader, dataBody }: FlightData): Uint8Array[] {
  const prefix = Buffer.alloc(8);
  prefix.writeInt32LE(-1, 0);
  prefix.writeInt32LE(dataHeader.length, 4);
  return [prefix, dataHeader, dataBody];
}

/** A table as messages of DoPut. */
export function putMessages(table: Table): { dataHeader: Uint8Array; dataBody: Uint8Array }[] {
  const parts: Uint8Array[] = [];
  class Parts extends RecordBatchStreamWriter {
    protected override _write(chunk: ArrayBufferView): this {
      if (chunk.byteLength > 0) parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      return this;
    }
  }
  const writer = new Parts();
  writer.writeAll(table);
  return [...ipcMessages(parts)].map(({ header, body }) => ({ dataHeader: header, dataBody: Buffer.concat(body) }));
}
