/** Times that a search is limited to. */
import type { RTime } from "../../../connect/ice/schema/omero.js";

export interface Dates {
  readonly kind: "created" | "updated";
  readonly start: number;
  readonly end: number;
}

export function dates(kind: Dates["kind"], start: RTime | null, end: RTime | null): Dates {
  return {
    kind,
    start: start ? Number(start.val) : Number.NEGATIVE_INFINITY,
    end: end ? Number(end.val) : Number.POSITIVE_INFINITY,
  };
}

export function days(dateType: string, from: string, to: string): Dates {
  const kind = dateType.includes("update") ? "updated" : "created";
  return { kind, start: dayStart(from) ?? Number.NEGATIVE_INFINITY, end: dayEnd(to) };
}

function dayStart(day: string): number | undefined {
  const [, year, month, date] = /^(\d{4})(\d\d)(\d\d)$/.exec(day) ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(date));
}

function dayEnd(day: string): number {
  const start = dayStart(day);
  return start === undefined ? Number.POSITIVE_INFINITY : start + 24 * 3600 * 1000;
}
