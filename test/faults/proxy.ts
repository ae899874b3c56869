/** A TCP proxy that mistreats what passes through it: between a client and a server of this machine, for tests. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export type Direction = "toServer" | "toClient";

/** What the proxy does to a connection once `after` bytes have passed in `direction`. */
export interface Fault {
  /**
   * `cut`: both sockets end; `reset`: both end with RST; `halfClose`: no more bytes in the direction, its receiver sees
   * the end; `stall`: no more bytes in the direction, nobody is told.
   */
  kind: "cut" | "reset" | "halfClose" | "stall";
  direction: Direction;
  after: number;
}

export interface ProxyBehaviour {
  /** Milliseconds each piece waits, in each direction. */
  delay?: number;
  /** Bytes a second in each direction. */
  bytesPerSecond?: number;
  /** Fault of the n-th connection (from 0), or none. */
  faultOf?: (connection: number) => Fault | undefined;
  /** Refuse new connections: they end at once. */
  refuse?: boolean;
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

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(targetPort: number, behaviour: ProxyBehaviour = {}): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, "127.0.0.1");
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
    const server = connect({ host: "127.0.0.1", port: targetPort, allowHalfOpen: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
    }
    const fault = this.behaviour.faultOf?.(number);
    this.#pass(client, server, "toServer", number, fault);
    this.#pass(server, client, "toClient", number, fault);
  }

  /** Carries bytes one way, at the receiver's pace, until the fault strikes or an end is reached. */
  async #pass(from: Socket, to: Socket, direction: Direction, number: number, fault: Fault | undefined): Promise<void> {
    let left = fault?.direction === direction ? fault.after : Number.POSITIVE_INFINITY;
    try {
      for await (const piece of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        const passed = piece.subarray(0, Math.min(left, piece.length));
        left -= piece.length;
        await this.#wait(passed.length);
        this.onPiece(direction, passed, number);
        this.bytes[direction] += passed.length;
        if (passed.length > 0 && !to.write(passed) && !to.destroyed)
          await Promise.race([once(to, "drain"), once(to, "close")]);
        if (left <= 0 && fault) return strike(fault, from, to);
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  async #wait(bytes: number): Promise<void> {
    const { delay = 0, bytesPerSecond } = this.behaviour;
    const milliseconds = delay + (bytesPerSecond === undefined ? 0 : (bytes * 1000) / bytesPerSecond);
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}

function strike(fault: Fault, from: Socket, to: Socket): void {
  if (fault.kind === "stall") {
    from.pause();
    return;
  }
  if (fault.kind === "halfClose") {
    to.end();
    from.pause();
    return;
  }
  end(from, fault.kind);
  end(to, fault.kind);
}

function end(socket: Socket, kind: "cut" | "reset"): void {
  if (kind === "reset") socket.resetAndDestroy();
  else socket.destroy();
}
