/** A TCP proxy that mistreats what passes through it: between a client and a server of this machine, for tests. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MessageEnds } from "./message-ends.js";

export type Direction = "toServer" | "toClient";

/** What the proxy does to a connection once `after` bytes, or messages, have passed in `direction`. */
export interface Fault {
  /**
   * `cut`: both sockets end; `reset`: both end with RST; `halfClose`: no more bytes in the direction, its receiver sees
   * the end; `stall`: no more bytes in the direction, nobody is told; `silence`: the same in both directions; `trickle`: a
   * byte now and then.
   */
  kind: "cut" | "reset" | "halfClose" | "stall" | "silence" | "trickle";
  direction: Direction;
  after: number;
  /** What `after` counts; bytes unless given. Messages are those of Ice, so not within TLS. */
  unit?: "bytes" | "messages";
}

/** The same number in both directions, or one for each. */
export type EachWay = number | Partial<Record<Direction, number>>;

export interface ProxyBehaviour {
  /** Milliseconds that bytes are under way. */
  delay?: EachWay;
  /** Bytes a second. */
  bytesPerSecond?: EachWay;
  /** Fault of the n-th connection (from 0), or none. */
  faultOf?: (connection: number) => Fault | undefined;
  /** Refuse new connections: they end at once. */
  refuse?: boolean;
  /** Accept new connections and never say a word. */
  ignore?: boolean;
}

/** Bytes of a throttled connection passed on at a time, so that a throttled connection never pauses for long. */
const SLICE = 4 << 10;
/** Milliseconds between two bytes that trickle. */
const TRICKLE = 50;
/** Bytes under way at most; the sender must wait for more. */
const UNDER_WAY = 256 << 10;

/** One connection through the proxy. */
interface Passage {
  readonly number: number;
  readonly fault: Fault | undefined;
  /** Where nothing passes any more. */
  readonly silent: Record<Direction, boolean>;
}

export class FaultProxy {
  behaviour: ProxyBehaviour = {};
  /** Connections accepted so far. */
  connections = 0;
  /** Bytes passed on so far. */
  readonly bytes: Record<Direction, number> = { toServer: 0, toClient: 0 };
  /** Called with each piece before it is passed on. */
  onPiece: (direction: Direction, piece: Buffer, connection: number) => void = () => {};
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #passages: Passage[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param port to listen on; any that is free unless given. */
  static async start(targetPort: number, behaviour: ProxyBehaviour = {}, port = 0): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const proxy = new FaultProxy(server);
    proxy.behaviour = behaviour;
    server.on("connection", (client) => proxy.#serve(client, targetPort));
    return proxy;
  }

  /** Ends every connection that passes through now. */
  cutAll(kind: "cut" | "reset" = "reset"): void {
    for (const socket of this.#sockets) end(socket, kind);
  }

  /** Lets nothing pass any more, and tells nobody, on every connection there is now. */
  silenceAll(): void {
    for (const { silent } of this.#passages) Object.assign(silent, { toServer: true, toClient: true });
  }

  async close(): Promise<void> {
    this.cutAll();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #serve(client: Socket, targetPort: number): void {
    const number = this.connections++;
    if (this.behaviour.refuse) {
      client.destroy();
      return;
    }
    this.#hold(client);
    if (this.behaviour.ignore) return;
    const server = connect({ host: "127.0.0.1", port: targetPort, allowHalfOpen: true });
    this.#hold(server);
    const fault = this.behaviour.faultOf?.(number);
    const passage: Passage = { number, fault, silent: { toServer: false, toClient: false } };
    this.#passages.push(passage);
    this.#pass(client, server, "toServer", passage);
    this.#pass(server, client, "toClient", passage);
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }

  /** Carries bytes one way, at the receiver's pace, until the fault strikes or an end is reached. */
  async #pass(from: Socket, to: Socket, direction: Direction, passage: Passage): Promise<void> {
    const fault = passage.fault?.direction === direction ? passage.fault : undefined;
    const fuse = fault && new Fuse(fault);
    const line = new Line((slice) => this.#passOn(slice, to, direction, passage));
    try {
      for await (const piece of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        const passed = fuse ? piece.subarray(0, fuse.blown ? 0 : fuse.take(piece)) : piece;
        const slice = eachWay(this.behaviour.bytesPerSecond, direction) === undefined ? passed.length : SLICE;
        await line.carry(passed, slice, eachWay(this.behaviour.delay, direction) ?? 0);
        if (!fuse?.blown) continue;
        await line.end();
        if (fault!.kind !== "trickle") return strike(fault!, from, to, passage);
        await this.#trickle(piece.subarray(passed.length), to, direction, passage);
      }
      await line.end();
      if (!passage.silent[direction]) to.end();
    } catch {
      if (!passage.silent[direction]) to.destroy();
    }
  }

  async #trickle(bytes: Buffer, to: Socket, direction: Direction, passage: Passage): Promise<void> {
    for (let at = 0; at < bytes.length && !to.destroyed; at++) {
      await sleep(TRICKLE);
      await this.#passOn(bytes.subarray(at, at + 1), to, direction, passage);
    }
  }

  async #passOn(slice: Buffer, to: Socket, direction: Direction, { number, silent }: Passage): Promise<void> {
    const bytesPerSecond = eachWay(this.behaviour.bytesPerSecond, direction);
    if (bytesPerSecond !== undefined) await sleep((slice.length * 1000) / bytesPerSecond);
    if (silent[direction]) return;
    this.onPiece(direction, slice, number);
    this.bytes[direction] += slice.length;
    if (to.write(slice) || to.destroyed) return;
    await Promise.race([once(to, "drain"), once(to, "close")]).catch(() => {});
  }
}

/** Tells how much of a connection passes before its fault strikes. */
class Fuse {
  readonly #messages: MessageEnds | undefined;
  #left: number;

  constructor({ after, unit }: Fault) {
    this.#left = after;
    if (unit === "messages") this.#messages = new MessageEnds();
  }

  get blown(): boolean {
    return this.#left <= 0;
  }

  /** Bytes of the piece that still pass. */
  take(piece: Buffer): number {
    if (!this.#messages) {
      const passed = Math.min(this.#left, piece.length);
      this.#left -= passed;
      return passed;
    }
    const start = this.#messages.position;
    const ends = this.#messages.add(piece);
    const last = ends[this.#left - 1];
    this.#left -= ends.length;
    return last === undefined ? piece.length : last - start;
  }
}

/** Carries bytes in their order, each after its time. */
class Line {
  readonly #arrive: (slice: Buffer) => Promise<void>;
  #tail: Promise<void> = Promise.resolve();
  #underWay = 0;

  constructor(arrive: (slice: Buffer) => Promise<void>) {
    this.#arrive = arrive;
  }

  /** @param slice bytes that arrive at a time. */
  async carry(bytes: Buffer, slice: number, delay: number): Promise<void> {
    const due = performance.now() + delay;
    this.#underWay += bytes.length;
    this.#tail = this.#tail.then(async () => {
      if (delay > 0) await sleep(due - performance.now());
      for (let at = 0; at < bytes.length; at += slice) await this.#arrive(bytes.subarray(at, at + slice));
      this.#underWay -= bytes.length;
    });
    if (this.#underWay > UNDER_WAY || delay === 0) await this.#tail;
  }

  end(): Promise<void> {
    return this.#tail;
  }
}

function strike(fault: Fault, from: Socket, to: Socket, { silent }: Passage): void {
  if (fault.kind === "cut" || fault.kind === "reset") {
    end(from, fault.kind);
    end(to, fault.kind);
    return;
  }
  silent[fault.direction] = true;
  if (fault.kind === "silence") silent[fault.direction === "toServer" ? "toClient" : "toServer"] = true;
  if (fault.kind === "halfClose") to.end();
  from.pause();
}

function end(socket: Socket, kind: "cut" | "reset"): void {
  if (kind === "reset") socket.resetAndDestroy();
  else socket.destroy();
}

function eachWay(value: EachWay | undefined, direction: Direction): number | undefined {
  return typeof value === "object" ? value[direction] : value;
}
