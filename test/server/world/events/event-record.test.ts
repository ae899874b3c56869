import { describe, expect, it } from "vitest";
import { eventText, readEventText } from "../../../../src/server/world/events/event-record.js";

const RECORD = {
  time: 1.5,
  experimenter: 2,
  group: 5,
  session: 9,
  type: 4,
  logs: [[3, "Image", 7, "INSERT"]] as const,
};

describe("event records", () => {
  it("read as they were written", () => {
    expect(readEventText(eventText(RECORD))).toEqual(RECORD);
  });

  it.each([
    ["no JSON", "{"],
    ["no time", JSON.stringify({ ...RECORD, time: null })],
    ["a user who is no number", JSON.stringify({ ...RECORD, experimenter: "x" })],
    ["no log", JSON.stringify({ ...RECORD, logs: undefined })],
    ["an entry that is none", JSON.stringify({ ...RECORD, logs: [[1, "Image", "x", "INSERT"]] })],
  ])("are refused: %s", (_, text) => {
    expect(() => readEventText(text)).toThrow();
  });
});
