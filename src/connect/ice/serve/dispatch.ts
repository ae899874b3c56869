/**
 * Runs a request on its servant and says what it came to.
 */
import { OmeroError, WireError } from "../../../errors.js";
import { failureText } from "../client/reply-failures.js";
import { bulkResult, decodeParams, encodeException, encodeResult, mayThrow } from "../codec/codec.js";
import { IceUserException } from "../codec/ice-exception.js";
import { acceptsMode, findOperation, OBJECT_ID, type Operation, serviceIds } from "../schema/schema.js";
import { exceptionTo11, type ProxyCodecs, paramsFrom11, resultTo11, speaksBothEncodings } from "./encoding-versions.js";
import type { IncomingRequest } from "./incoming-request.js";
import type { Outcome } from "./reply.js";
import type { Current, ServedObject } from "./served-object.js";

export interface DispatchSetting {
  readonly proxyCodecs: ProxyCodecs;
  /** The object of a request, or undefined if there is none or the connection may not reach it. */
  readonly find: (current: Current) => ServedObject | undefined;
  /** Is told of failures that are no user exceptions; the client gets only their message. */
  readonly onServantError?: (error: unknown, current: Current) => void;
}

const MODES = ["Normal", "Nonmutating", "Idempotent"];

/** Never rejects. */
export async function dispatch(setting: DispatchSetting, request: IncomingRequest, current: Current): Promise<Outcome> {
  try {
    const object = setting.find(current);
    if (!object) return { kind: "noSuchObject" };
    if (request.facet !== "") return { kind: "noSuchFacet" };
    const operation = findOperation(object.sliceId, request.operation);
    if (!operation) return { kind: "noSuchOperation" };
    return refusal(operation, request) ?? (await run(setting, object, operation, request, current));
  } catch (error) {
    return failure(setting, error, current);
  }
}

function refusal(operation: Operation, { mode, encoding }: IncomingRequest): Outcome | undefined {
  if (!acceptsMode(operation, mode)) {
    const text = `::Ice::MarshalException: unexpected operation mode. expected = ${MODES[operation.mode]} received = ${MODES[mode] ?? mode}`;
    return { kind: "unknownLocalException", text };
  }
  if (encoding !== "1.0" && !(encoding === "1.1" && speaksBothEncodings(operation))) {
    const text = `::Ice::UnsupportedEncodingException: this server speaks encoding 1.0, not ${encoding}`;
    return { kind: "unknownLocalException", text };
  }
  return undefined;
}

async function run(
  { proxyCodecs }: DispatchSetting,
  object: ServedObject,
  operation: Operation,
  request: IncomingRequest,
  current: Current,
): Promise<Outcome> {
  const method = methodOf(object, operation);
  if (!method) return { kind: "noSuchOperation" };
  const { requestSizeMax = Number.POSITIVE_INFINITY } = object;
  if (request.params.length > requestSizeMax) {
    const text = `${operation.name} takes ${requestSizeMax} bytes of parameters at most, not ${request.params.length}`;
    return { kind: "unknownLocalException", text: `::Ice::MemoryLimitException: ${text}` };
  }
  const in11 = request.encoding === "1.1";
  const encoded = in11 ? paramsFrom11(operation, request.params, proxyCodecs) : request.params;
  const params = decodeParams(operation, encoded, proxyCodecs["1.0"]);
  try {
    const result = await method.call(object.servant, ...params, current);
    const bulk = in11 ? undefined : bulkResult(operation, result);
    if (bulk) return { kind: "ok", body: bulk.head, bulk: bulk.bytes };
    const body = encodeResult(operation, result, proxyCodecs["1.0"]);
    return { kind: "ok", body: in11 ? resultTo11(operation, body, proxyCodecs) : body };
  } catch (error) {
    if (!(error instanceof IceUserException)) throw error;
    if (!mayThrow(operation, error.iceId)) return { kind: "unknownUserException", text: error.iceId };
    const body = encodeException(error, proxyCodecs["1.0"]);
    return { kind: "userException", body: in11 ? exceptionTo11(body, proxyCodecs) : body };
  }
}

type Method = (...args: unknown[]) => unknown;

function methodOf({ servant, sliceId }: ServedObject, operation: Operation): Method | undefined {
  const method: unknown = Reflect.get(servant, operation.name);
  if (typeof method === "function" && isOwnOperation(servant, operation.name)) return method as Method;
  if (operation.service !== OBJECT_ID) return undefined;
  return OBJECT_METHODS[operation.name]?.(sliceId);
}

/** A method that every JavaScript object has is no operation. */
function isOwnOperation(servant: object, name: string): boolean {
  return !(name in Object.prototype) || Object.hasOwn(servant, name);
}

/** What every object answers. */
const OBJECT_METHODS: Record<string, ((sliceId: string) => Method) | undefined> = {
  ice_ping: () => () => undefined,
  ice_isA: (sliceId) => (id) => serviceIds(sliceId).includes(String(id)),
  ice_id: (sliceId) => () => (sliceId.startsWith("::") ? sliceId : `::${sliceId}`),
  ice_ids: (sliceId) => () => serviceIds(sliceId),
};

function failure(setting: DispatchSetting, error: unknown, current: Current): Outcome {
  if (error instanceof OmeroError && error.code === "NO_SUCH_OBJECT") return { kind: "noSuchObject" };
  if (error instanceof WireError && error.code !== "CANNOT_ENCODE") {
    return { kind: "unknownLocalException", text: `::Ice::MarshalException: ${error.message}` };
  }
  setting.onServantError?.(error, current);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: "unknownException", text: failureText(text) };
}
