/**
 * Requests as bytes: the encoded parameters go out as they are, and the reply's body comes back as a view of the
 * message it arrived in.
 */
import {
  ArgumentError,
  abortError,
  OmeroError,
  ServerError,
  TimeoutError,
  throwIfAborted,
  WireError,
} from "../../../errors.js";
import { appendTail } from "../codec/split-buffer.js";
import type {
  IceInputStream,
  IceLocalException,
  IceOutgoingAsync,
  IceProxy,
  IceRuntime,
} from "../transport/ice-runtime.js";
import { failureText, requestFailure } from "./reply-failures.js";

export interface CallOptions {
  /** Gives up the call; a reply that comes later is dropped. The server is not told: Ice has no means to. */
  signal?: AbortSignal;
  /** Milliseconds to wait for the reply; for ever unless given. */
  timeout?: number;
  /** Entries added to the client's context for this call. */
  context?: Record<string, string>;
}

/** What is left of a call's limits once a part of it is done. */
export interface RemainingLimits extends CallOptions {
  /** The time that the call was given in all, for messages. */
  given?: number;
}

export interface RawReply {
  kind: "ok" | "userException";
  /** Results or exception in Ice encoding 1.0: the inside of the reply's encapsulation, not a copy. */
  body: Uint8Array;
}

/** What of a client a request needs. */
export interface RequestSetting {
  readonly ice: IceRuntime;
  readonly messageSizeMax: number;
  /** Goes with every request. */
  readonly context: Map<string, string>;
  /** The error for a request that the connection failed. */
  readonly connectionError: (exception: IceLocalException, label: string) => OmeroError;
}

/** Bytes of a reply before its encapsulation: message header, request id, status. */
const REPLY_STATUS = 18;
const REPLY_BODY = 19;
/** Size and encoding version before an encapsulation's content. */
const ENCAPSULATION_HEADER = 6;

/** @param label names the call in errors, for example `Table.read`. */
export async function sendRequest(
  setting: RequestSetting,
  fixedProxy: IceProxy,
  operation: string,
  mode: number,
  params: Uint8Array,
  label: string,
  options: RemainingLimits,
): Promise<RawReply> {
  checkLimits(options, label);
  const request = newRequest(setting.ice, fixedProxy, operation);
  const size = writeRequest(setting, request, mode, params, options.context);
  if (size > setting.messageSizeMax) {
    throw new ServerError(
      "MESSAGE_TOO_LARGE",
      `${label}: the request of ${size} bytes exceeds the limit of ${setting.messageSizeMax}: send less at once`,
      { operation: label },
    );
  }
  const release = limitWaiting(label, options, (error) => request.cancelWithException(error));
  try {
    request.invoke();
    await request;
  } catch (error) {
    throw callError(setting, error, label);
  } finally {
    release();
  }
  return readReply(request._is!, label);
}

let requestClass: IceRuntime["OutgoingAsync"] | undefined;

function newRequest(ice: IceRuntime, proxy: IceProxy, operation: string): IceOutgoingAsync {
  requestClass ??= class Request extends ice.OutgoingAsync {
    /** A peer may answer before it has taken the whole request. */
    override sent(): void {
      if (!this.isCompleted()) super.sent();
    }
  };
  return new requestClass(proxy, operation, (result) => result.resolve());
}

/** Returns the size of the whole message. */
function writeRequest(
  setting: RequestSetting,
  request: IceOutgoingAsync,
  mode: number,
  params: Uint8Array,
  extra: Record<string, string> | undefined,
): number {
  const { ice } = setting;
  const ctx = extra ? new Map([...setting.context, ...Object.entries(extra)]) : setting.context;
  request.prepare(request.operation, ice.OperationMode.valueOf(mode), ctx);
  const stream = request._os;
  const size = stream.size + ENCAPSULATION_HEADER + params.length;
  if (size > setting.messageSizeMax) return size;
  stream.writeInt(ENCAPSULATION_HEADER + params.length);
  stream.writeByte(1);
  stream.writeByte(0);
  appendTail(ice, stream, params);
  return size;
}

/** Settles as `work` does, unless the call's signal or time limit comes first; `work` goes on then. */
export function withinLimits<T>(work: Promise<T>, label: string, options: RemainingLimits): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = limitWaiting(label, options, reject);
    work.then(resolve, reject).finally(release);
  });
}

const LONGEST_TIMER = 2 ** 31 - 1;

/** Calls `giveUp` when the signal fires or time is over, until the returned function is called. */
function limitWaiting(
  label: string,
  { signal, timeout, given = timeout }: RemainingLimits,
  giveUp: (error: OmeroError) => void,
): () => void {
  const aborted = () => giveUp(abortError(signal!, label));
  const overdue = () => {
    giveUp(new TimeoutError("TIMEOUT", `${label}: no answer within ${given} ms`, { operation: label }));
  };
  const timer = timeout === undefined || timeout > LONGEST_TIMER ? undefined : setTimeout(overdue, timeout);
  signal?.addEventListener("abort", aborted, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", aborted);
  };
}

/** @throws AbortError if the signal has fired; ArgumentError `INVALID_ARGUMENT` for a time limit that is none. */
export function checkLimits({ signal, timeout }: CallOptions, label: string): void {
  throwIfAborted(signal, label);
  if (timeout !== undefined && !(timeout >= 0)) {
    const text = `${label}: a timeout of ${timeout} ms: give 0 or more`;
    throw new ArgumentError("INVALID_ARGUMENT", text, { operation: label });
  }
}

function callError(setting: RequestSetting, error: unknown, label: string): unknown {
  if (error instanceof OmeroError) return error;
  if (!(error instanceof setting.ice.LocalException)) {
    return new ServerError("SERVER_FAILURE", `${label} failed: ${failureText(String(error))}`, {
      operation: label,
      cause: error,
    });
  }
  return requestFailure(error, label) ?? setting.connectionError(error, label);
}

function readReply(stream: IceInputStream, label: string): RawReply {
  const bytes = new Uint8Array(stream.buffer.b, 0, stream.size);
  const left = bytes.length - REPLY_BODY;
  const view = new DataView(bytes.buffer, 0, bytes.length);
  const size = left >= ENCAPSULATION_HEADER ? view.getInt32(REPLY_BODY, true) : 0;
  if (size < ENCAPSULATION_HEADER || size > left) {
    throw new WireError("MALFORMED_MESSAGE", `${label}: the answer's size does not fit its ${bytes.length} bytes`, {
      operation: label,
    });
  }
  const [major, minor] = [bytes[REPLY_BODY + 4], bytes[REPLY_BODY + 5]];
  if (major !== 1 || minor !== 0) {
    throw new WireError("MALFORMED_MESSAGE", `${label}: the answer has Ice encoding ${major}.${minor}, not 1.0`, {
      operation: label,
    });
  }
  return {
    kind: bytes[REPLY_STATUS] === 0 ? "ok" : "userException",
    body: bytes.subarray(REPLY_BODY + ENCAPSULATION_HEADER, REPLY_BODY + size),
  };
}
