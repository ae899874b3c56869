/** An event with its log, as it is kept on the disk. */

/** Id, class and id of the object, action. */
export type LogRecord = readonly [id: number, className: string, entityId: number, action: string];

export interface EventRecord {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly experimenter: number;
  readonly group: number;
  readonly session: number;
  readonly type: number;
  readonly logs: readonly LogRecord[];
}

export function eventText(record: EventRecord): string {
  return JSON.stringify(record);
}

/** @throws SyntaxError, TypeError for what is no event's text. */
export function readEventText(text: string): EventRecord {
  const record = JSON.parse(text) as EventRecord;
  const { time, experimenter, group, session, type, logs } = record;
  const isWhole = [experimenter, group, session, type].every(Number.isSafeInteger) && Number.isFinite(time);
  if (!isWhole || !Array.isArray(logs) || !logs.every(isLogRecord)) throw new TypeError("it is no event");
  return { time, experimenter, group, session, type, logs };
}

function isLogRecord(value: unknown): value is LogRecord {
  if (!Array.isArray(value)) return false;
  const [id, className, entityId, action] = value as unknown[];
  const isNamed = typeof className === "string" && typeof action === "string";
  return isNamed && Number.isSafeInteger(id) && Number.isSafeInteger(entityId);
}
