/** Where the messages of a client's work begin and end, and the faults that can strike between and within them. */
import { Seeded } from "../support/seeded.js";
import { MessageEnds } from "./message-ends.js";
import { type Direction, type Fault, FaultProxy } from "./proxy.js";

/** Bytes of a connection, one way, after each of its Ice messages. */
export interface Traffic {
  readonly toServer: readonly number[];
  readonly toClient: readonly number[];
}

/** Does the work once through an honest proxy and notes the messages of its first connection. */
export async function recordTraffic(targetPort: number, work: (port: number) => Promise<unknown>): Promise<Traffic> {
  await using proxy = await FaultProxy.start(targetPort);
  const messages = { toServer: new MessageEnds(), toClient: new MessageEnds() };
  const ends: Record<Direction, number[]> = { toServer: [], toClient: [] };
  proxy.onPiece = (direction, piece, connection) => {
    if (connection === 0) ends[direction].push(...messages[direction].add(piece));
  };
  await work(proxy.port);
  return ends;
}

const DIRECTIONS: readonly Direction[] = ["toServer", "toClient"];

/** A fault after each message, each way, of one kind after the other; `first` says with which to begin. */
export function faultsAtBoundaries(traffic: Traffic, kinds: readonly Fault["kind"][], first = 0): Fault[] {
  return DIRECTIONS.flatMap((direction) =>
    traffic[direction].map((after, index) => ({ kind: kinds[(first + index) % kinds.length]!, direction, after })),
  );
}

/** `count` faults at random bytes, within messages more often than not. */
export function faultsWithin(traffic: Traffic, kinds: readonly Fault["kind"][], count: number, seed: number): Fault[] {
  const random = new Seeded(seed);
  return Array.from({ length: count }, () => {
    const direction = random.pick(DIRECTIONS);
    const last = traffic[direction].at(-1)!;
    return { kind: random.pick(kinds), direction, after: 1 + random.below(last) };
  });
}

export function describeFault({ kind, direction, after, unit = "bytes" }: Fault): string {
  return `${kind} after ${after} ${unit} ${direction}`;
}
