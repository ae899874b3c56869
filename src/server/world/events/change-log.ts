/**
 * What was changed when, by whom: an event a call, and an entry in its log for each object. Held in memory as columns,
 * the latest {@link MOST_ENTRIES} of both; older ones are forgotten.
 */
import type { EventRecord, LogRecord } from "./event-record.js";
import { NumberRows } from "./number-rows.js";

/** Of events, and of entries: so many that a query can look at all of them with what they refer to. */
export const MOST_ENTRIES = 100_000;

/** Of those, what is left when older ones are forgotten. */
const LEFT = (MOST_ENTRIES / 4) * 3;

/** What was done to an object, as OMERO calls it. */
export type LoggedAction = "INSERT" | "UPDATE" | "DELETE" | "PASSWORD";

/** Ids of whose event it is, and of its EventType. */
export interface Author {
  readonly experimenter: number;
  readonly group: number;
  readonly session: number;
  readonly type: number;
}

export interface LoggedChange {
  readonly action: LoggedAction;
  readonly className: string;
  readonly id: number;
}

export class ChangeLog {
  readonly events = new NumberRows(["time", "experimenter", "group", "session", "type", "firstLog", "lastLog"]);
  readonly logs = new NumberRows(["event", "entityId", "entityType", "action"]);
  /** What the numbers in the columns `entityType` and `action` stand for. */
  readonly names = new Names();
  readonly #onChange: (event: number) => void;

  /** @param onChange is told the id of an event that is new, has another entry or is forgotten. */
  constructor(onChange: (event: number) => void) {
    this.#onChange = onChange;
  }

  /** Adds an event with nothing in its log; its id is higher than all others. */
  begin(id: number, author: Author, time: number): void {
    this.#forgetOldest();
    this.events.push({ id, time, ...author, firstLog: this.logs.lastId + 1, lastLog: 0 });
    this.#onChange(id);
  }

  /** Adds an entry to the log of an event. */
  add(event: number, id: number, { action, className, id: entityId }: LoggedChange): void {
    const index = this.events.indexOf(event);
    this.#push(id, event, [id, className, entityId, action]);
    this.events.set("lastLog", index, id);
    this.#onChange(event);
  }

  /** All that is known of an event; undefined where it is not. */
  record(id: number): EventRecord | undefined {
    const { events, logs, names } = this;
    const index = events.indexOf(id);
    if (index < 0) return undefined;
    const entry = (place: number): LogRecord => [
      logs.get("id", place),
      names.of(logs.get("entityType", place)),
      logs.get("entityId", place),
      names.of(logs.get("action", place)),
    ];
    const { time, experimenter, group, session, type } = events.row(index);
    return { time, experimenter, group, session, type, logs: this.logsOf(index).map(entry) };
  }

  /** Places of the entries of an event. */
  logsOf(eventIndex: number): number[] {
    const { id, firstLog, lastLog } = this.events.row(eventIndex);
    return [...this.logs.places("event", id, this.logs.lowerBound(firstLog), this.logs.lowerBound(lastLog + 1))];
  }

  /** Makes events again what they were before; undefined where there was none. Nobody is told. */
  restore(before: ReadonlyMap<number, EventRecord | undefined>): void {
    const records = new Map(this.events.ids().map((id) => [id, this.record(id)]));
    for (const [id, record] of before) records.set(id, record);
    this.forgetFrom(0, 0);
    this.fill(records);
  }

  /** Adds what was stored before. Nobody is told. */
  fill(records: Iterable<readonly [number, EventRecord | undefined]>): void {
    const known = [...records].flatMap(([id, record]) => (record ? [{ id, record }] : [])).sort((a, b) => a.id - b.id);
    for (const { id, record } of known) {
      const { logs, ...event } = record;
      this.events.push({ id, ...event, firstLog: logs[0]?.[0] ?? 0, lastLog: logs.at(-1)?.[0] ?? 0 });
    }
    const entries = known.flatMap(({ id, record }) => record.logs.map((log) => ({ event: id, log })));
    for (const { event, log } of entries.sort((a, b) => a.log[0] - b.log[0])) this.#push(log[0], event, log);
  }

  /** Forgets what has these ids, or higher ones. */
  forgetFrom(event: number, log: number): void {
    this.logs.slice(0, this.logs.lowerBound(log));
    this.events.slice(0, this.events.lowerBound(event));
  }

  #push(id: number, event: number, [, className, entityId, action]: LogRecord): void {
    const { names } = this;
    this.logs.push({ id, event, entityId, entityType: names.number(className), action: names.number(action) });
  }

  /** Whole events, with all that is in their logs. */
  #forgetOldest(): void {
    const { events, logs } = this;
    if (events.length < MOST_ENTRIES && logs.length < MOST_ENTRIES) return;
    const firstLog = logs.length > LEFT ? logs.get("id", logs.length - LEFT) : 0;
    let count = Math.max(0, events.length - LEFT);
    while (count < events.length && events.get("lastLog", count) < firstLog) count++;
    for (let index = 0; index < count; index++) this.#onChange(events.get("id", index));
    events.slice(count, events.length);
    const first = events.length > 0 ? events.get("firstLog", 0) : Number.POSITIVE_INFINITY;
    logs.slice(logs.lowerBound(first), logs.length);
  }
}

/** Numbers for the few names that there are. */
class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  of(number: number): string {
    return this.#names[number]!;
  }
}
