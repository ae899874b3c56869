import { describe, expect, it } from "vitest";
import { ChangeLog, MOST_ENTRIES } from "../../../../src/server/world/events/change-log.js";

const AUTHOR = { experimenter: 2, group: 5, session: 9, type: 4 };

function logOf() {
  const told = new Set<number>();
  return { log: new ChangeLog((event) => told.add(event)), told };
}

describe("ChangeLog", () => {
  it("keeps the entries of events that are made side by side apart", () => {
    const { log, told } = logOf();
    log.begin(1, AUTHOR, 1_000);
    log.add(1, 10, { action: "INSERT", className: "Dataset", id: 7 });
    log.begin(2, { ...AUTHOR, experimenter: 3 }, 1_001);
    log.add(2, 11, { action: "UPDATE", className: "Image", id: 8 });
    log.add(1, 12, { action: "DELETE", className: "Dataset", id: 7 });
    expect(log.record(1)).toEqual({
      time: 1_000,
      ...AUTHOR,
      logs: [
        [10, "Dataset", 7, "INSERT"],
        [12, "Dataset", 7, "DELETE"],
      ],
    });
    expect(log.record(2)?.logs).toEqual([[11, "Image", 8, "UPDATE"]]);
    expect(log.record(3)).toBeUndefined();
    expect([...told]).toEqual([1, 2]);
  });

  it("is filled from records in any order, and makes events again what they were", () => {
    const { log } = logOf();
    const first = { time: 1, ...AUTHOR, logs: [[4, "Image", 1, "INSERT"]] as const };
    const second = { time: 2, ...AUTHOR, logs: [] };
    log.fill([
      [8, second],
      [6, first],
    ]);
    log.add(8, 5, { action: "UPDATE", className: "Image", id: 1 });
    log.restore(
      new Map([
        [8, second],
        [6, undefined],
      ]),
    );
    expect(log.record(8)).toEqual(second);
    expect(log.record(6)).toBeUndefined();
    expect(log.logs.length).toBe(0);
  });

  it("forgets the oldest events with their entries, and says which", () => {
    const { log, told } = logOf();
    for (let id = 1; id <= MOST_ENTRIES; id++) {
      log.begin(id, AUTHOR, id);
      log.add(id, id, { action: "INSERT", className: "Image", id });
    }
    told.clear();
    log.begin(MOST_ENTRIES + 1, AUTHOR, 0);
    expect(told.has(MOST_ENTRIES / 4)).toBe(true);
    expect(told.has(MOST_ENTRIES / 4 + 1)).toBe(false);
    expect(log.events.get("id", 0)).toBe(MOST_ENTRIES / 4 + 1);
    expect(log.logs.get("id", 0)).toBe(MOST_ENTRIES / 4 + 1);
    expect(log.record(MOST_ENTRIES)?.logs).toHaveLength(1);
  });

  it("keeps an event with more entries than there is room for until the next one", () => {
    const { log } = logOf();
    log.begin(1, AUTHOR, 1);
    for (let id = 1; id <= MOST_ENTRIES + 5; id++) log.add(1, id, { action: "DELETE", className: "Image", id });
    expect(log.record(1)?.logs).toHaveLength(MOST_ENTRIES + 5);
    log.begin(2, AUTHOR, 2);
    log.add(2, MOST_ENTRIES + 9, { action: "INSERT", className: "Image", id: 1 });
    expect(log.record(2)?.logs).toEqual([[MOST_ENTRIES + 9, "Image", 1, "INSERT"]]);
  });
});
