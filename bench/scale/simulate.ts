/** Executors that read partitions of a table from one server, by their costs: what many of them gain, and where the server holds them up. */

/** Seconds of work, as measured. */
export interface ScanCosts {
  /** Before the first part: planning, and fetching the file where one is scanned. */
  readonly before: number;
  /** An executor's for each part: starting a process, joining the session. */
  readonly start: number;
  /** The server's for each part: opening, telling what the table is, twice. */
  readonly serverPart: number;
  /** The server's for each row, one request after the other. */
  readonly serverRow: number;
  /** An executor's for each row: receiving, decoding, writing Arrow. */
  readonly executorRow: number;
}

export interface Cluster {
  readonly rows: number;
  readonly partitionRows: number;
  /** Each reads a part at a time, on a processor of its own. */
  readonly executors: number;
}

export interface Simulated {
  readonly seconds: number;
  /** Part of that time in which the server worked. */
  readonly serverShare: number;
}

/** Rows of a request, of which a reader has two on their way. */
const REQUEST_ROWS = 50_000;
const IN_FLIGHT = 2;

/** What one executor is about: the requests of its part that are left, and when earlier ones were done with. */
interface Executor {
  /** When it can ask next. */
  asks: number;
  /** Of its part, the opening among them; 0 where it is to take another part. */
  requestsLeft: number;
  /** When the last answers were dealt with, the newest last. */
  done: number[];
}

/** Goes from request to request in the order in which the server gets them; it does one at a time. */
export function simulate(costs: ScanCosts, { rows, partitionRows, executors: count }: Cluster): Simulated {
  const requestRows = Math.min(REQUEST_ROWS, partitionRows);
  const requests = Math.ceil(partitionRows / requestRows);
  let partsLeft = Math.ceil(rows / partitionRows);
  let [free, busy, end] = [costs.before, 0, costs.before];
  const executors: Executor[] = Array.from({ length: count }, () => ({
    asks: costs.before,
    requestsLeft: 0,
    done: [],
  }));
  for (;;) {
    const next = executors.reduce((first, one) => (one.asks < first.asks ? one : first));
    if (next.asks === Number.POSITIVE_INFINITY) return { seconds: end, serverShare: end === 0 ? 0 : busy / end };
    if (next.requestsLeft === 0) {
      const begin = Math.max(next.asks, next.done.at(-1) ?? costs.before) + costs.start;
      const asks = partsLeft-- > 0 ? begin : Number.POSITIVE_INFINITY;
      Object.assign(next, { asks, requestsLeft: requests + 1, done: [begin] });
      continue;
    }
    const isOpening = next.requestsLeft-- === requests + 1;
    const work = isOpening ? costs.serverPart : requestRows * costs.serverRow;
    const answered = Math.max(free, next.asks) + work;
    [free, busy] = [answered, busy + work];
    const finished = Math.max(next.done.at(-1)!, answered) + (isOpening ? 0 : requestRows * costs.executorRow);
    next.done = [...next.done, finished].slice(-IN_FLIGHT);
    next.asks = isOpening ? answered : Math.max(answered, next.done[0]!);
    end = Math.max(end, finished);
  }
}

/** From so many executors on, the server has no time for more. */
export function executorsServed(
  { start, serverPart, serverRow, executorRow }: ScanCosts,
  partitionRows: number,
): number {
  const server = serverPart + partitionRows * serverRow;
  if (server === 0) return Number.POSITIVE_INFINITY;
  return (start + serverPart + partitionRows * Math.max(serverRow, executorRow)) / server;
}
