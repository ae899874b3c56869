/**
 * A client's connection, as the server sees it.
 */

import { inBackground } from "../../../flow/failures.js";
import { reusedBuffers } from "../../../flow/reused-buffers.js";
import { connectionEndpoint } from "../client/client-connection.js";
import type { ByteChannel } from "../transport/byte-channel.js";
import { ChannelTransceiver } from "../transport/channel-transceiver.js";
import { closeConnection, guardedConnectionClass } from "../transport/guarded-connection.js";
import type {
  IceBuffer,
  IceCommunicator,
  IceConnection,
  IceInputStream,
  IceRuntime,
} from "../transport/ice-runtime.js";
import { type DispatchSetting, dispatch } from "./dispatch.js";
import { type IncomingRequest, readRequest, requestInput } from "./incoming-request.js";
import { type Outcome, writeReply } from "./reply.js";
import { LARGE_MESSAGE, type RequestRoom, type RoomRequest } from "./request-room.js";
import type { ClientPeer } from "./served-object.js";

export interface ConnectionSetting extends DispatchSetting {
  readonly ice: IceRuntime;
  readonly communicator: IceCommunicator;
  readonly messageSizeMax: number;
  /** Limit for a connection until it is trusted. */
  readonly strangerSizeMax: number;
  /** Milliseconds that a connection has until it is trusted; for ever unless given. */
  readonly strangerTimeout?: number | undefined;
  /** Requests of one connection that are worked on at a time; more are left unread until one is answered. */
  readonly concurrency: number;
  /** Of all connections. */
  readonly room: RequestRoom;
}

const BYTES_CAN_BE_WRITTEN = 2;
/** Of a message's size, in its header. */
const SIZE_POSITION = 10;
/** Request id of a request that wants no reply. */
const ONEWAY = 0;
/** Milliseconds that a client has to close the connection when asked. */
const CLOSE_PATIENCE = 500;

export class ClientConnection implements ClientPeer {
  readonly peer: string;
  readonly transport: "tcp" | "ssl";
  readonly #setting: ConnectionSetting;
  readonly #connection: IceConnection;
  readonly #closeListeners = new Set<() => void>();
  #closed = false;
  #running = 0;
  /** The room of the large message that is coming. */
  #coming: RoomRequest | undefined;
  #waitsForRoom = false;
  #deadline: NodeJS.Timeout | undefined;

  /** @internal */
  constructor(setting: ConnectionSetting, channel: ByteChannel, peer: string) {
    const { ice, communicator } = setting;
    this.peer = peer;
    this.transport = channel.transport as "tcp" | "ssl";
    this.#setting = setting;
    const Connection = serverConnectionClass(ice);
    this.#connection = new Connection(
      communicator,
      communicator.instance,
      null,
      new ChannelTransceiver(ice, channel),
      connectionEndpoint(channel.transport),
      true,
      { getName: () => "", messageSizeMax: () => setting.strangerSizeMax, getServantManager: () => null },
    );
    owners.set(this.#connection, this);
    this.#connection.setCloseCallback(() => this.#ended());
  }

  get closed(): boolean {
    return this.#closed;
  }

  trust(): void {
    clearTimeout(this.#deadline);
    this.#connection._messageSizeMax = this.#setting.messageSizeMax;
  }

  expectLogIn(): void {
    clearTimeout(this.#deadline);
    const { strangerTimeout } = this.#setting;
    if (strangerTimeout === undefined || this.#closed) return;
    this.#deadline = setTimeout(() => this.abort(), strangerTimeout).unref();
  }

  onClose(listener: () => void): void {
    if (this.#closed) queueMicrotask(listener);
    else this.#closeListeners.add(listener);
  }

  /** Ends the connection: answers what is being worked on first, if that takes no longer than half a second. */
  async close(): Promise<void> {
    const patience = setTimeout(() => this.abort(), CLOSE_PATIENCE);
    inBackground(this.#connection.close(this.#setting.ice.ConnectionClose.Gracefully));
    await new Promise<void>((resolve) => this.onClose(resolve));
    clearTimeout(patience);
  }

  /** Ends the connection at once, whatever it is doing. */
  abort(): void {
    const { ice } = this.#setting;
    closeConnection(ice, this.#connection, new ice.ConnectionTimeoutException());
  }

  /** @internal */
  start(): void {
    this.expectLogIn();
    inBackground(this.#connection.start().then(() => this.#connection.activate()));
    this.#connection.message(BYTES_CAN_BE_WRITTEN);
  }

  /** @internal Takes room for a large message that begins to come; without, the rest of it is left unread. */
  expect(bytes: number): void {
    if (bytes < LARGE_MESSAGE || this.#coming !== undefined || this.#closed) return;
    this.#coming = {
      bytes,
      granted: () => {
        this.#waitsForRoom = false;
        this.regulate();
      },
      tooSlow: () => this.abort(),
    };
    if (this.#setting.room.take(this.#coming)) return;
    this.#waitsForRoom = true;
    this.regulate();
  }

  /** @internal Puts a large message, whose header is here, into a buffer that was used before. */
  reuseBuffer(buffer: IceBuffer): void {
    const size = buffer.v.getInt32(SIZE_POSITION, true);
    if (size < LARGE_MESSAGE || size > this.#connection._messageSizeMax) return;
    const bytes = reusedBuffers.take(size);
    bytes.set(new Uint8Array(buffer.b, 0, buffer.limit));
    buffer.b = bytes.buffer;
    buffer.v = new DataView(bytes.buffer);
  }

  /** @internal Says that no message is coming: one that was has been handled. */
  expectNone(): void {
    if (this.#coming !== undefined) this.#setting.room.give(this.#coming);
    this.#coming = undefined;
  }

  /** @internal Runs the requests of a message that has arrived. */
  receive(stream: IceInputStream, count: number, requestId: number): void {
    const runs: Promise<void>[] = [];
    try {
      const input = requestInput(stream.buffer.b, stream.pos, stream.size);
      while (runs.length < count) runs.push(this.#run(readRequest(input), requestId));
    } catch (error) {
      const failure = new this.#setting.ice.MarshalException(String(error));
      this.#connection.invokeException(failure, count - runs.length);
    }
    this.#keepRoomFor(runs);
  }

  /** Gives back the room of the message that has come once its requests are answered. */
  #keepRoomFor(runs: readonly Promise<void>[]): void {
    const request = this.#coming;
    this.#coming = undefined;
    if (request === undefined) return;
    this.#setting.room.whole(request);
    inBackground(Promise.allSettled(runs).then(() => this.#setting.room.give(request)));
  }

  /** @internal Says that the connection lives to a client that waits for an answer: it may give it up otherwise. */
  reassure(): void {
    if (this.#running > 0 && !this.#closed) inBackground(this.#connection.heartbeat());
  }

  /** @internal Leaves requests unread while enough are being worked on or wait to be sent. */
  regulate(): void {
    const busy = this.#running + this.#connection._sendStreams.length >= this.#setting.concurrency;
    if (busy || this.#waitsForRoom) this.#connection.hold();
    else this.#connection.activate();
  }

  async #run(request: IncomingRequest, requestId: number): Promise<void> {
    const { identity, operation, context } = request;
    this.#running++;
    this.regulate();
    const outcome = await dispatch(this.#setting, request, { connection: this, identity, operation, context });
    this.#running--;
    try {
      this.#answer(request, requestId, outcome);
      this.regulate();
    } catch (error) {
      closeConnection(this.#setting.ice, this.#connection, error);
    }
  }

  #answer(request: IncomingRequest, requestId: number, outcome: Outcome): void {
    const { ice, communicator, messageSizeMax } = this.#setting;
    if (requestId === ONEWAY) this.#connection.sendNoResponse();
    else {
      this.#connection.sendResponse(
        writeReply(ice, communicator.instance, requestId, request, outcome, messageSizeMax),
      );
    }
  }

  #ended(): void {
    this.#closed = true;
    this.expectNone();
    clearTimeout(this.#deadline);
    for (const listener of this.#closeListeners) listener();
    this.#closeListeners.clear();
  }
}

const owners = new WeakMap<IceConnection, ClientConnection>();

let serverConnection: IceRuntime["ConnectionI"] | undefined;

/** Ice's connection, with requests handed to its {@link ClientConnection} instead of Ice's own servants. */
function serverConnectionClass(ice: IceRuntime): IceRuntime["ConnectionI"] {
  serverConnection ??= class ServerConnection extends guardedConnectionClass(ice) {
    override message(operation: number): void {
      super.message(operation);
      const owner = owners.get(this);
      if (this._readHeader) owner?.expectNone();
      else owner?.expect(this._readStream.size);
    }

    override read(buffer: IceBuffer): boolean {
      const isFull = super.read(buffer);
      if (isFull && this._readHeader) owners.get(this)?.reuseBuffer(buffer);
      return isFull;
    }

    override invokeAll(stream: IceInputStream, count: number, requestId: number): void {
      owners.get(this)?.receive(stream, count, requestId);
    }

    override sendNextMessage(): void {
      super.sendNextMessage();
      owners.get(this)?.regulate();
    }
  };
  return serverConnection;
}
