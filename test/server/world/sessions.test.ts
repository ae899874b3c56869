import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import { Sessions } from "../../../src/server/world/sessions.js";
import { type SmallWorld, smallWorld } from "./small-world.js";

let small: SmallWorld;
let sessions: Sessions;
let lastId = 0n;
beforeEach(async () => {
  small = await smallWorld();
  vi.useFakeTimers();
  sessions = new Sessions(small.world.accounts, { timeToIdle: 60_000, most: 5, mostOfUser: 100 }, () => ++lastId);
});
afterEach(async () => {
  sessions.closeAll();
  vi.useRealTimers();
  await small[Symbol.asyncDispose]();
});

const user = (name: string) => small.world.accounts.userNamed(name)!;
const iceIdOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as IceUserException).iceId;
  }
  return undefined;
};

describe("Sessions", () => {
  it("logs in by password, and joins by session key", () => {
    const session = sessions.logIn("ann", "a", "", "agent", "address");
    expect(session).toMatchObject({ user: { name: "ann" }, group: 10n, timeToIdle: 60_000 });
    expect(sessions.logIn(session.uuid, session.uuid, "", "", "")).toBe(session);
    expect(sessions.logIn("ann", "a", "", "", "")).not.toBe(session);
  });

  it.each([
    ["ann", "wrong"],
    ["ann", ""],
    ["nobody", "a"],
    ["", ""],
    ["guest", ""],
  ])("refuses %j with password %j", (name, password) => {
    expect(iceIdOf(() => sessions.logIn(name, password, "", "", ""))).toBe("::Glacier2::PermissionDeniedException");
  });

  it("says the same to those who have the name wrong and those who have the password wrong", () => {
    const messages = [
      () => sessions.logIn("nobody", "x", "", "", ""),
      () => sessions.logIn("ann", "x", "", "", ""),
    ].map((work) => {
      try {
        work();
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    });
    expect(messages[0]).toContain("Password check failed for 'nobody'");
    expect(messages[1]).toBe(messages[0]!.replace("nobody", "ann"));
  });

  it("puts a session in the group asked for, by name or id", () => {
    expect(sessions.logIn("ann", "a", "read-write", "", "").group).toBe(13n);
    expect(sessions.logIn("ann", "a", "12", "", "").group).toBe(12n);
    expect(sessions.logIn("ann", "a", "outside", "", "").group).toBe(small.world.accounts.groupNamed("outside")!.id);
    for (const group of ["nothing", "999"]) {
      expect(iceIdOf(() => sessions.logIn("ann", "a", group, "", ""))).toBe("::omero::WrappedCreateSessionException");
    }
  });

  it("ends a session that idles, and not one that is used", () => {
    const idle = sessions.create({ user: user("ann") });
    const used = sessions.create({ user: user("ann") });
    const ended = vi.fn();
    idle.onClosed.push(ended);
    for (let minute = 0; minute < 4; minute++) {
      vi.advanceTimersByTime(20_000);
      sessions.touch(used);
    }
    expect(ended).toHaveBeenCalledTimes(1);
    expect(sessions.all).toEqual([used]);
    expect(iceIdOf(() => sessions.touch(idle))).toBe("::omero::SessionTimeoutException");
    expect(sessions.find(idle.uuid)).toBeUndefined();
    expect(iceIdOf(() => sessions.logIn(idle.uuid, idle.uuid, "", "", ""))).toBe(
      "::Glacier2::CannotCreateSessionException",
    );
  });

  it("ends a session when its time is up, however much it is used", () => {
    const session = sessions.create({ user: user("root"), timeToLive: 30_000, timeToIdle: 0 });
    vi.advanceTimersByTime(20_000);
    sessions.touch(session);
    vi.advanceTimersByTime(20_000);
    expect(iceIdOf(() => sessions.touch(session))).toBe("::omero::SessionTimeoutException");
  });

  it("keeps a session without time-outs for ever", () => {
    const session = sessions.create({ user: user("root"), timeToIdle: 0 });
    vi.advanceTimersByTime(10 ** 12);
    expect(sessions.find(session.uuid)).toBe(session);
  });

  it("closes a moment after the last connection if asked to, else goes on", () => {
    const session = sessions.create({ user: user("ann") });
    session.references = 2;
    sessions.detach(session, true);
    expect(session.closed).toBeUndefined();
    sessions.detach(session, false);
    expect(session.closed).toBeUndefined();
    session.references = 1;
    sessions.detach(session, true);
    expect(session.closed).toBeUndefined();
    expect(sessions.logIn(session.uuid, session.uuid, "", "", "")).toBe(session);
    vi.advanceTimersByTime(1_000);
    expect(session.closed).toBe("closed");
    expect(iceIdOf(() => sessions.touch(session))).toBe("::omero::RemovedSessionException");
  });

  it("lets users ask for ten times the idle time and administrators for anything", () => {
    const session = sessions.create({ user: user("ann") });
    sessions.setTimeouts(session, user("ann"), 600_000, undefined);
    expect(session.timeToIdle).toBe(600_000);
    expect(iceIdOf(() => sessions.setTimeouts(session, user("ann"), 600_001, undefined))).toBe(
      "::omero::SecurityViolation",
    );
    expect(iceIdOf(() => sessions.setTimeouts(session, user("ann"), undefined, 1))).toBe("::omero::SecurityViolation");
    expect(iceIdOf(() => sessions.setTimeouts(session, user("bob"), 1000, undefined))).toBe(
      "::omero::SecurityViolation",
    );
    sessions.setTimeouts(session, user("root"), 10 ** 9, 10 ** 10);
    expect(session).toMatchObject({ timeToIdle: 10 ** 9, timeToLive: 10 ** 10 });
    expect(sessions.allowedIdle(user("ann"), 0)).toBe(60_000);
    expect(sessions.allowedIdle(user("root"), 0)).toBe(0);
  });

  it("limits how many there are, and makes room when some end", () => {
    for (let index = 0; index < 5; index++) sessions.create({ user: user("ann") });
    expect(() => sessions.create({ user: user("ann") })).toThrow(IceUserException);
    vi.advanceTimersByTime(60_000);
    expect(() => sessions.create({ user: user("ann") })).not.toThrow();
  });
});
