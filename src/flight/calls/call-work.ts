/** What every call has in common: whose it is, how it is given up, how answers go out, how errors are told. */
import type { handleServerStreamingCall, handleUnaryCall, Metadata, ServerWritableStream } from "@grpc/grpc-js";
import type { OmeroConnection } from "../../connect/index.js";
import { DataError, LoginError, TimeoutError } from "../../errors.js";
import { unlessAborted } from "../../flow/abort.js";
import { inBackground } from "../../flow/failures.js";
import type { Turns } from "../../flow/turns.js";
import type { Callers } from "../access/authenticating.js";
import type { FlightSession, FlightSessions } from "../access/sessions.js";
import { statusOf } from "../status.js";
import type { Inflows } from "./inflow.js";

/** What all calls of a server share. */
export interface FlightServerState {
  readonly sessions: FlightSessions;
  readonly callers: Callers;
  /** What uploads have sent and is not yet taken. */
  readonly inflows: Inflows;
  /** Tables that are read at a time; others wait. */
  readonly reads: Turns;
  /** Tables that are uploaded at a time; others wait. */
  readonly uploads: Turns;
  /** Milliseconds that a client has to take a message. */
  readonly stallTimeout: number;
}

/** What the work of a call is given. */
export interface CallContext {
  readonly state: FlightServerState;
  readonly session: FlightSession;
  readonly connection: OmeroConnection;
  /** Fires when the client gives up, or its deadline is over. */
  readonly signal: AbortSignal;
}

/** Streams of a session that have ended here and are not read: each holds a message. */
const MOST_UNREAD = 64;

type Call = {
  readonly metadata: Metadata;
  getDeadline(): Date | number;
  on(event: "cancelled", listener: () => void): unknown;
};

/** Does the work of a call, and has its session and the OMERO server know when it ends. */
export async function inCall<T>(
  state: FlightServerState,
  call: Call,
  work: (context: CallContext) => Promise<T>,
): Promise<T> {
  const session = state.callers.get(call.metadata)!; // nobody else gets here
  const giveUp = new AbortController();
  call.on("cancelled", () => giveUp.abort(new Error("the client gave up")));
  const late = deadlineTimer(call, () => giveUp.abort(new Error("the deadline is over")));
  session.calls++;
  try {
    return await work({ state, session, connection: session.connection, signal: giveUp.signal });
  } catch (error) {
    // The OMERO server has ended the session: the next call logs in anew.
    if (error instanceof LoginError) inBackground(state.sessions.logOut(session));
    throw error;
  } finally {
    clearTimeout(late);
    session.calls--;
    session.lastUsed = Date.now();
  }
}

const LONGEST_TIMER = 2 ** 31 - 1;

function deadlineTimer(call: Call, expire: () => void): NodeJS.Timeout | undefined {
  const left = Number(call.getDeadline()) - Date.now();
  return left < LONGEST_TIMER ? setTimeout(expire, Math.max(0, left)) : undefined;
}

/** A method with one answer. */
export function unary<Request extends object>(
  state: FlightServerState,
  work: (request: Request, context: CallContext) => Promise<object>,
): handleUnaryCall<object, object> {
  return (call, callback) => {
    inCall(state, call, (context) => work(call.request as Request, context)).then(
      (answer) => callback(null, answer),
      (error) => callback(statusOf(error)),
    );
  };
}

/** A method with any number of answers, of which the next is made when the client has taken the one before. */
export function streaming<Request extends object>(
  state: FlightServerState,
  work: (request: Request, context: CallContext) => AsyncIterable<object>,
): handleServerStreamingCall<object, object> {
  return (call) => {
    const answer = async (context: CallContext) => {
      try {
        checkUnread(context.session);
        for await (const message of work(call.request as Request, context)) await send(call, message, context);
      } catch (error) {
        call.emit("error", statusOf(error));
        throw error;
      } finally {
        endStream(call, context.session);
      }
    };
    inBackground(inCall(state, call, answer));
  };
}

/** @throws DataError `LIMIT_EXCEEDED` where too much waits for the clients of a session */
export function checkUnread({ unread }: FlightSession): void {
  if (unread < MOST_UNREAD) return;
  throw new DataError(
    "LIMIT_EXCEEDED",
    `${MOST_UNREAD} streams of this log-in have ended and are not read to their end`,
  );
}

/** Ends a stream, which counts as unread until what was sent is taken, or the client has gone. */
function endStream(call: ServerWritableStream<object, object>, session: FlightSession): void {
  let isCounted = !call.cancelled;
  if (isCounted) session.unread++;
  const discount = () => {
    if (isCounted) session.unread--;
    isCounted = false;
  };
  call.on("cancelled", discount);
  call.on("finish", discount);
  call.end();
}

type Sending = { write(message: object, sent: () => void): boolean };

/** Resolves when the message has left. @throws TimeoutError where the client does not take it; AbortError */
export async function send(call: Sending, message: object, { signal, state }: CallContext): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    const seconds = state.stallTimeout / 1000;
    const tooLate = () => reject(new TimeoutError("TIMEOUT", `The client has taken nothing for ${seconds} s`));
    timer = setTimeout(tooLate, state.stallTimeout);
  });
  try {
    const sent = new Promise<void>((resolve) => call.write(message, () => resolve()));
    await unlessAborted(Promise.race([sent, stalled]), signal, "Sending");
  } finally {
    clearTimeout(timer);
  }
}
