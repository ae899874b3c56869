import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { encodeException } from "../../src/connect/ice/codec/codec.js";
import { IceUserException } from "../../src/connect/ice/codec/ice-exception.js";
import { LiveSession, type LiveSessionOptions } from "../../src/connect/live-session.js";
import { LoginError, ServerError, TimeoutError } from "../../src/errors.js";
import { callTo } from "../support/calls.js";
import { FakeLogin, fakeRemote, lostError, OK } from "./fake-login.js";

const IDEMPOTENT = 2;
const NORMAL = 0;
const NO_PARAMS = new Uint8Array(0);
const never = () => new Promise<never>(() => {});

/** A live session on the first of some log-ins; each rejoining gives the next. */
function liveSession(logins: FakeLogin[], options: Partial<LiveSessionOptions> = {}) {
  const [first, ...others] = logins;
  const events: string[] = [];
  const live = new LiveSession(first!.login, {
    rejoin: async () => {
      const next = others.shift();
      if (!next) throw new LoginError("SESSION_EXPIRED", "no such session");
      return next.login;
    },
    renew: undefined,
    owned: true,
    keepAlive: 0,
    patience: 10_000,
    ...options,
  });
  live.listeners.on("lost", ({ cause }) => events.push(`lost: ${(cause as Error).message}`));
  live.listeners.on("reconnected", ({ newSession }) => events.push(newSession ? "new session" : "joined again"));
  live.listeners.on("closed", () => events.push("closed"));
  return { live, events };
}

function sessionRemoved() {
  const exception = new IceUserException("::omero::RemovedSessionException", { message: "gone" });
  const proxies = { read: () => ({ proxy: null, end: 0 }), write: () => NO_PARAMS };
  return { kind: "userException" as const, body: encodeException(exception, proxies) };
}

const gone = () => Promise.reject(new LoginError("SESSION_EXPIRED", "gone"));
const noSuchObject = () => new ServerError("NO_SUCH_OBJECT", "no such object");

describe("a call", () => {
  test("goes to the object, which is opened once", async () => {
    const one = new FakeLogin("one", "key");
    const { live } = liveSession([one]);
    const { remote, opened } = fakeRemote();
    const replies = [1, 2, 3].map(() => live.calls.invoke(callTo(remote, "find", IDEMPOTENT)));
    expect(await Promise.all(replies)).toEqual([OK, OK, OK]);
    expect(opened).toEqual([one.login]);
  });

  test("that is idempotent is sent again after a loss", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    one.answer = never;
    const { live, events } = liveSession([one, two]);
    const { remote, opened } = fakeRemote();
    const replies = [1, 2].map(() => live.calls.invoke(callTo(remote, "find", IDEMPOTENT)));
    await vi.waitFor(() => expect(one.log).toEqual(["find", "find"]));
    one.lose();
    expect(await Promise.all(replies)).toEqual([OK, OK]);
    expect(opened).toEqual([one.login, two.login]);
    expect(one.log).toEqual(["find", "find", "destroy"]);
    expect(events).toEqual(["lost: the network ended it", "joined again"]);
  });

  test("that is not idempotent fails after a loss, and says that its outcome is unknown", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    one.answer = never;
    const { live } = liveSession([one, two]);
    const { remote } = fakeRemote({ stateless: true });
    const reply = live.calls.invoke(callTo(remote, "saveObject", NORMAL, NO_PARAMS, { label: "IUpdate.saveObject" }));
    await vi.waitFor(() => expect(one.log).toEqual(["saveObject"]));
    one.lose();
    await expect(reply).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      operation: "IUpdate.saveObject",
      message: expect.stringContaining("not known whether the server did it"),
    });
    expect(await live.calls.invoke(callTo(remote, "saveObject", NORMAL))).toBe(OK);
    expect(two.log).toEqual(["saveObject"]);
  });

  test("that only reads is sent again although Slice calls it normal", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    one.answer = () => Promise.reject(lostError());
    const { live } = liveSession([one, two]);
    const { remote } = fakeRemote({ sliceId: "::omero::api::IMetadata" });
    expect(await live.calls.invoke(callTo(remote, "countSpecifiedAnnotations", NORMAL))).toBe(OK);
    expect(two.log).toEqual(["countSpecifiedAnnotations"]);
  });

  test("that must not be repeated is not, whatever Slice says", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    one.answer = () => Promise.reject(lostError());
    const { live } = liveSession([one, two]);
    const { remote } = fakeRemote({ unrepeatable: ["setMetadata"] });
    await expect(live.calls.invoke(callTo(remote, "setMetadata", IDEMPOTENT))).rejects.toMatchObject({
      code: "CONNECTION_LOST",
    });
    expect(two.log).toEqual([]);
  });

  test("is sent a limited number of times", async () => {
    const logins = Array.from({ length: 9 }, (_, index) => new FakeLogin(`${index}`, "key"));
    for (const login of logins) login.answer = () => Promise.reject(lostError());
    const { live } = liveSession(logins);
    await expect(live.calls.invoke(callTo(fakeRemote().remote, "find", IDEMPOTENT))).rejects.toMatchObject({
      code: "CONNECTION_LOST",
    });
    expect(logins.filter((login) => login.log.includes("find"))).toHaveLength(5);
  });

  test("to an object the server has forgotten goes to one opened again", async () => {
    const one = new FakeLogin("one", "key");
    let forgotten = true;
    one.answer = async () => {
      if (!forgotten) return OK;
      forgotten = false;
      throw noSuchObject();
    };
    const { live, events } = liveSession([one]);
    const { remote, opened } = fakeRemote({ stateless: true });
    expect(await live.calls.invoke(callTo(remote, "saveObject", NORMAL))).toBe(OK);
    expect(opened).toHaveLength(2);
    expect(events).toEqual([]);
    forgotten = true;
    await expect(live.calls.invoke(callTo(fakeRemote().remote, "addData", NORMAL))).rejects.toMatchObject({
      code: "NO_SUCH_OBJECT",
    });
  });

  test("on an object that was lost with its log-in fails, once the connection is back", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    const { live } = liveSession([one, two]);
    const { remote, opened } = fakeRemote({ ofOneLogin: true });
    await live.calls.invoke(callTo(remote, "size", IDEMPOTENT));
    one.lose();
    await expect(
      live.calls.invoke(callTo(remote, "size", IDEMPOTENT, NO_PARAMS, { label: "RawFileStore.size" })),
    ).rejects.toMatchObject({ code: "CONNECTION_LOST", message: expect.stringContaining("open another") });
    expect(opened).toEqual([one.login]);
    expect(live.state).toBe("connected");
  });

  test("passes on what the server answers, exceptions too", async () => {
    const one = new FakeLogin("one", "key");
    const refusal = new ServerError("SECURITY_VIOLATION", "not yours");
    one.answer = () => Promise.reject(refusal);
    const { live, events } = liveSession([one]);
    await expect(live.calls.invoke(callTo(fakeRemote().remote, "find", IDEMPOTENT))).rejects.toBe(refusal);
    expect(events).toEqual([]);
  });

  test("ends with its signal, and with its time limit even while the connection is away", async () => {
    const one = new FakeLogin("one", "key");
    const { live } = liveSession([one], { rejoin: never });
    const { remote } = fakeRemote();
    one.lose();
    const controller = new AbortController();
    const aborted = live.calls.invoke(
      callTo(remote, "find", IDEMPOTENT, NO_PARAMS, { signal: controller.signal, timeout: 10_000 }),
    );
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toMatchObject({ code: "ABORTED" });
    const late = live.calls.invoke(
      callTo(remote, "find", IDEMPOTENT, NO_PARAMS, { timeout: 20, label: "IQuery.find" }),
    );
    await expect(late).rejects.toThrow(TimeoutError);
    await expect(late).rejects.toThrow("IQuery.find: no answer within 20 ms");
    const limited = liveSession([new FakeLogin("two", "key")], { callTimeout: 20 });
    const [unanswered] = [fakeRemote({ open: never })];
    await expect(limited.live.calls.invoke(callTo(unanswered!.remote, "find", IDEMPOTENT))).rejects.toThrow(
      TimeoutError,
    );
  });
});

describe("a session that has ended", () => {
  test("is told from another session that the call is about", async () => {
    const one = new FakeLogin("one", "key");
    one.answer = sessionRemoved;
    const { live, events } = liveSession([one]);
    const reply = await live.calls.invoke(callTo(fakeRemote().remote, "getSession", IDEMPOTENT));
    expect(reply.kind).toBe("userException");
    expect(events).toEqual([]);
  });

  test("is replaced where there are credentials", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "other key")];
    one.answer = sessionRemoved;
    one.keepAlive = gone;
    const { live, events } = liveSession([one], { renew: async () => two.login });
    expect(await live.calls.invoke(callTo(fakeRemote().remote, "find", IDEMPOTENT))).toBe(OK);
    expect(events).toEqual([expect.stringContaining("lost: "), "new session"]);
    expect(live.sessionKey.reveal()).toBe("other key");
  });

  test("ends the connection where there are none", async () => {
    const one = new FakeLogin("one", "key");
    one.answer = sessionRemoved;
    one.keepAlive = gone;
    const { live } = liveSession([one]);
    const { remote } = fakeRemote();
    for (let call = 0; call < 2; call++) {
      await expect(live.calls.invoke(callTo(remote, "find", IDEMPOTENT))).rejects.toMatchObject({
        code: "SESSION_EXPIRED",
      });
    }
  });

  test("is told from a server that is only starting", async () => {
    vi.useFakeTimers();
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    const outcomes = [
      new LoginError("LOGIN_REFUSED", "starting"),
      new LoginError("LOGIN_REFUSED", "starting"),
      two.login,
    ];
    const rejoin = async () => {
      const outcome = outcomes.shift()!;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };
    const { live, events } = liveSession([one], { rejoin });
    one.lose();
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    expect(events).toEqual(["lost: the network ended it", "joined again"]);
    expect(live.state).toBe("connected");
  });

  test("shows when an object cannot be opened for want of the session's own", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    const { live, events } = liveSession([one, two]);
    const { remote } = fakeRemote();
    vi.spyOn(remote, "proxy").mockRejectedValueOnce(noSuchObject());
    expect(await live.calls.invoke(callTo(remote, "saveObject", NORMAL))).toBe(OK);
    expect(events).toEqual(["lost: no such object", "joined again"]);
  });
});

describe("keeping alive", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a ping without answer means that the connection is lost", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    one.keepAlive = () => Promise.reject(new TimeoutError("TIMEOUT", "no answer"));
    const { live, events } = liveSession([one, two], { keepAlive: 60_000 });
    await vi.advanceTimersByTimeAsync(60_001);
    expect(events).toEqual(["lost: no answer", "joined again"]);
    expect(live.state).toBe("connected");
    await live.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a late answer does not, while a large message comes in", async () => {
    const one = new FakeLogin("one", "key");
    let pings = 0;
    one.keepAlive = async () => {
      if (++pings === 3) return true;
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      one.bytesReceived += 5000;
      throw new TimeoutError("TIMEOUT", "no answer");
    };
    const { live, events } = liveSession([one], { keepAlive: 60_000 });
    await vi.advanceTimersByTimeAsync(125_000);
    expect(pings).toBe(3);
    expect(events).toEqual([]);
    await live.close();
  });

  test("a late answer does, though signs of life come in", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    one.keepAlive = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      one.bytesReceived += 80;
      throw new TimeoutError("TIMEOUT", "no answer");
    };
    const { live, events } = liveSession([one, two], { keepAlive: 60_000 });
    await vi.advanceTimersByTimeAsync(91_000);
    expect(events).toEqual(["lost: no answer", "joined again"]);
    await live.close();
  });

  test("the next log-in is kept alive too", async () => {
    const [one, two] = [new FakeLogin("one", "key"), new FakeLogin("two", "key")];
    two.keepAlive = vi.fn(async () => true);
    const { live } = liveSession([one, two], { keepAlive: 1000 });
    one.lose();
    await vi.advanceTimersByTimeAsync(3500);
    expect(two.keepAlive).toHaveBeenCalledTimes(3);
    await live.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("closing", () => {
  test("ends a session of one's own", async () => {
    const one = new FakeLogin("one", "key");
    const { live, events } = liveSession([one]);
    await Promise.all([live.close(), live.close()]);
    expect(one.log).toEqual(["closeOnDestroy", "destroySession", "destroy"]);
    expect(events).toEqual(["closed"]);
    expect(live.state).toBe("closed");
  });

  test("leaves a joined session alive", async () => {
    const one = new FakeLogin("one", "key");
    const { live } = liveSession([one], { owned: false });
    await live.close();
    expect(one.log).toEqual(["destroySession", "destroy"]);
  });

  test("fails calls in flight and all later ones", async () => {
    const one = new FakeLogin("one", "key");
    one.answer = never;
    const { live } = liveSession([one]);
    const { remote } = fakeRemote();
    const inFlight = expect(live.calls.invoke(callTo(remote, "find", IDEMPOTENT))).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
    });
    await vi.waitFor(() => expect(one.log).toEqual(["find"]));
    await live.close();
    await inFlight;
    await expect(
      live.calls.invoke(callTo(remote, "find", IDEMPOTENT, NO_PARAMS, { label: "IQuery.find" })),
    ).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      message: expect.stringContaining("IQuery.find"),
    });
  });

  test("is possible while the connection is away", async () => {
    const one = new FakeLogin("one", "key");
    const { live } = liveSession([one], { rejoin: never });
    one.lose();
    const waiting = expect(live.calls.invoke(callTo(fakeRemote().remote, "find", IDEMPOTENT))).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
    });
    await live.close();
    await waiting;
  });

  test("sends its farewell at once when the process exits", () => {
    const one = new FakeLogin("one", "key");
    liveSession([one]).live.closeNow();
    expect(one.log).toEqual(["closeOnDestroy", "destroySession"]);
  });
});

test("the session's key never shows", async () => {
  const key = "0a1b2c3d-0000-4000-8000-00000000abcd";
  const one = new FakeLogin("one", key);
  one.answer = () => Promise.reject(lostError());
  const { live } = liveSession([one]);
  const error = await live.calls
    .invoke(callTo(fakeRemote().remote, "find", IDEMPOTENT))
    .catch((caught: unknown) => caught);
  for (const value of [live, one.login, error]) {
    expect(inspect(value, { depth: 9, showHidden: true })).not.toContain(key);
    expect(JSON.stringify(value) ?? "").not.toContain(key);
  }
});
