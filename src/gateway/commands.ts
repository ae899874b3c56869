/** Requests that a server works on by itself (`omero::cmd`): submitted through the session, asked for until done. */
import type { OmeroConnection } from "../connect/connection.js";
import { isInstanceOf } from "../connect/ice/schema/instance.js";
import type { Handle, Request, Response, ServiceFactory } from "../connect/ice/schema/omero.js";
import type { Login } from "../connect/login.js";
import { RemoteObject } from "../connect/remote/remote-object.js";
import { remoteAccess } from "../connect/remote/services.js";
import { ServerError, TimeoutError } from "../errors.js";
import { sleepUnlessAborted } from "../flow/abort.js";
import { clearUp } from "../flow/failures.js";
import { withoutSecrets } from "../flow/secret.js";

export interface CommandOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the answer must be there. Default 120,000. */
  readonly timeout?: number | undefined;
  /** Group to work in; -1 for all. Default: that of the connection. */
  readonly group?: number | undefined;
  /** Told how many of the server's steps are done, at each time it is asked. */
  readonly onSteps?: ((done: number, total: number) => void) | undefined;
}

const DEFAULT_TIMEOUT = 120_000;
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 500;
/** Milliseconds. */
const CANCEL_TIMEOUT = 2000;

/**
 * Has the server carry out a request and gives its answer.
 * @throws ServerError `SERVER_FAILURE` if the answer is a failure; TimeoutError
 */
export async function runCommand(
  connection: OmeroConnection,
  request: Request,
  { signal, timeout = DEFAULT_TIMEOUT, group, onSteps }: CommandOptions = {},
): Promise<Response> {
  const context = group === undefined ? undefined : { "omero.group": String(group) };
  const call = { signal, timeout };
  const session = remoteAccess(connection).service<ServiceFactory>(sessionObject(), context);
  const proxy = await session.submit(request, call);
  if (!proxy) throw new ServerError("SERVER_FAILURE", `the server did not accept ${request.iceId}`);
  const remote = new RemoteObject({ sliceId: "::omero::cmd::Handle", open: async () => proxy, ofOneLogin: true });
  const handle = remoteAccess(connection).service<Handle>(remote, context);
  try {
    return checked(await response(handle, request, { signal, timeout, onSteps }), request);
  } catch (error) {
    // What is not done yet shall not be done when nobody waits for it.
    if (signal?.aborted || error instanceof TimeoutError)
      await clearUp(() => handle.cancel({ timeout: CANCEL_TIMEOUT }));
    throw error;
  } finally {
    await remoteAccess(connection).close(remote);
  }
}

/** The session itself, through which requests are submitted. */
function sessionObject(): RemoteObject {
  const open = async ({ factoryProxy }: Login) => factoryProxy;
  return new RemoteObject({ sliceId: "::omero::api::ServiceFactory", open, stateless: true });
}

async function response(
  handle: Handle,
  request: Request,
  { signal, timeout, onSteps }: CommandOptions & { readonly timeout: number },
): Promise<Response> {
  const deadline = performance.now() + timeout;
  let isOver = false;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const answer = await handle.getResponse({ signal, timeout });
    if (onSteps) await tellSteps(handle, onSteps, { signal, timeout });
    if (answer) return answer;
    if (isOver) throw withoutAnswer(request);
    if (pause === LONGEST_PAUSE) isOver = await hasFailed(handle, { signal, timeout });
    if (performance.now() > deadline)
      throw new TimeoutError("TIMEOUT", `${request.iceId} was not done within ${timeout} ms`);
    await sleepUnlessAborted(pause, signal, request.iceId);
  }
}

/** A server gives no answer where it refuses a request before it begins, as in a group that the session may not work in. */
async function hasFailed(handle: Handle, call: { signal: AbortSignal | undefined; timeout: number }): Promise<boolean> {
  const flags = (await handle.getStatus(call))?.flags ?? [];
  return flags.some((flag) => flag === "FAILURE" || flag === "CANCELLED");
}

function withoutAnswer({ iceId }: Request): ServerError {
  const text = `the server refused ${iceId} and gives no reason: the session may not be allowed to work there`;
  return new ServerError("SERVER_FAILURE", text, { operation: iceId });
}

async function tellSteps(
  handle: Handle,
  onSteps: (done: number, total: number) => void,
  call: { signal: AbortSignal | undefined; timeout: number },
): Promise<void> {
  const status = await handle.getStatus(call);
  if (status && status.steps > 0) onSteps(status.stopTime > 0n ? status.steps : status.currentStep, status.steps);
}

function checked(answer: Response, request: Request): Response {
  if (!isInstanceOf(answer, "::omero::cmd::ERR")) return answer;
  const { name, parameters } = answer;
  // What graph requests are refused for stands in a member of its own.
  const graph = isInstanceOf(answer, "::omero::cmd::GraphException") ? answer.message : "";
  const why = graph || parameters.get("message") || name || "it gave no reason";
  throw new ServerError("SERVER_FAILURE", `the server refused ${request.iceId}: ${withoutSecrets(why)}`, {
    operation: request.iceId,
    serverException: answer.iceId,
  });
}
