/**
 * Requests as bytes: the encoded parameters go out as they are, and the reply's body comes back as a view of the
 * message it arrived in.
 */
import { OmeroError, ServerError, WireError } from "../../../errors.js";
import { appendTails, lengthOf } from "../codec/split-buffer.js";
import type {
  IceInputStream,
  IceLocalException,
  IceOutgoingAsync,
  IceProxy,
  IceRuntime,
} from "../transport/ice-runtime.js";
import type { Call, RawReply } from "./call.js";
import { checkLimits, limitWaiting } from "./call-limits.js";
import { failureText, requestFailure } from "./reply-failures.js";

/** What of a client a request needs. */
export interface RequestSetting {
  readonly ice: IceRuntime;
  readonly messageSizeMax: number;
  /** Goes with every request. */
  readonly context: Map<string, string>;
  /** The error for a request that the connection failed. */
  readonly connectionError: (exception: IceLocalException, label: string) => OmeroError;
  /** Told of each reply that has come. */
  readonly onReply: () => void;
}

/** Bytes of a reply before its encapsulation: message header, request id, status. */
const REPLY_STATUS = 18;
const REPLY_BODY = 19;
/** Size and encoding version before an encapsulation's content. */
const ENCAPSULATION_HEADER = 6;

/** Sends a call through a connection, and waits for the reply. */
export async function sendRequest(setting: RequestSetting, call: Call<IceProxy>): Promise<RawReply> {
  const { label, limits } = call;
  checkLimits(limits, label);
  const request = newRequest(setting.ice, call);
  const size = writeRequest(setting, request, call);
  if (size > setting.messageSizeMax) {
    throw new ServerError(
      "MESSAGE_TOO_LARGE",
      `${label}: the request of ${size} bytes exceeds the limit of ${setting.messageSizeMax}: send less at once`,
      { operation: label },
    );
  }
  const release = limitWaiting(label, limits, (error) => request.cancelWithException(error));
  try {
    request.invoke();
    await request;
    setting.onReply();
  } catch (error) {
    throw callError(setting, error, label);
  } finally {
    release();
  }
  return readReply(request._is!, label);
}

let requestClass: IceRuntime["OutgoingAsync"] | undefined;

function newRequest(ice: IceRuntime, { target, operation }: Call<IceProxy>): IceOutgoingAsync {
  requestClass ??= class Request extends ice.OutgoingAsync {
    /** A peer may answer before it has taken the whole request. */
    override sent(): void {
      if (!this.isCompleted()) super.sent();
    }
  };
  return new requestClass(target, operation.name, (result) => result.resolve());
}

/** Returns the size of the whole message. */
function writeRequest(
  { ice, messageSizeMax, context: common }: RequestSetting,
  request: IceOutgoingAsync,
  { operation, parameters, context, limits }: Call<IceProxy>,
): number {
  request.prepare(request.operation, ice.OperationMode.valueOf(operation.mode), joinContexts(common, context));
  const stream = request._os;
  const length = ENCAPSULATION_HEADER + lengthOf(parameters);
  const size = stream.size + length;
  if (size > messageSizeMax) return size;
  stream.writeInt(length);
  stream.writeByte(1);
  stream.writeByte(0);
  const mustCopy = parameters.length > 1 && (limits.signal !== undefined || limits.timeout !== undefined);
  // Whoever gives up a call may change the caller's own bytes while they are still being sent.
  appendTails(ice, stream, mustCopy ? [Buffer.concat(parameters)] : parameters);
  return size;
}

function joinContexts(common: Map<string, string>, own: Call<IceProxy>["context"]): Map<string, string> {
  const entries = Object.entries(own);
  return entries.length === 0 ? common : new Map([...common, ...entries]);
}

function callError(setting: RequestSetting, error: unknown, label: string): unknown {
  if (error instanceof OmeroError) return error;
  if (!(error instanceof setting.ice.LocalException)) {
    return new ServerError("SERVER_FAILURE", `${label} failed: ${failureText(String(error))}`, {
      operation: label,
      cause: error,
    });
  }
  const failure = requestFailure(error, label);
  if (failure === undefined) return setting.connectionError(error, label);
  setting.onReply();
  return failure;
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
