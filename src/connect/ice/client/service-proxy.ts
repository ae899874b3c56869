/**
 * Services as objects whose methods are the operations of the schema.
 */
import { ArgumentError } from "../../../errors.js";
import { decodeException, decodeResult, encodeParams } from "../codec/codec.js";
import type { ProxyCodec } from "../codec/proxy-ref.js";
import { getOperation, loadSchema, type Operation, serviceIds } from "../schema/schema.js";
import type { Call, CallOptions, RawReply } from "./call.js";
import { toOmeroError } from "./server-exceptions.js";

/** What sends calls to targets of a kind. */
export interface Caller<Target> {
  readonly proxyCodec: ProxyCodec;
  invoke(call: Call<Target>): Promise<RawReply>;
}

type ServiceClass = new (caller: Caller<unknown>, target: unknown) => object;

const classes = new Map<string, ServiceClass>();

/**
 * A typed proxy: each operation of the service is a method that takes the operation's parameters and, after them,
 * {@link CallOptions}, and promises its result (an array of them if there are several).
 *
 * @param sliceId for example `::omero::api::IQuery`.
 */
export function serviceProxy<Target>(caller: Caller<Target>, target: Target, sliceId: string): object {
  let Service = classes.get(sliceId);
  if (!Service) {
    Service = makeServiceClass(sliceId);
    classes.set(sliceId, Service);
  }
  return new Service(caller as Caller<unknown>, target);
}

/**
 * Calls one operation.
 *
 * @param args the operation's parameters, and {@link CallOptions} if one more is given.
 * @throws ArgumentError `INVALID_ARGUMENT` for the wrong number of parameters; WireError `CANNOT_ENCODE` for one of the
 *   wrong type; the server's exceptions as {@link toOmeroError} makes them; and what `invoke` throws.
 */
async function callOperation<Target>(
  caller: Caller<Target>,
  target: Target,
  operation: Operation,
  args: readonly unknown[],
): Promise<unknown> {
  const label = `${operation.service.slice(operation.service.lastIndexOf(":") + 1)}.${operation.name}`;
  const { context = {}, ...limits } = checkArguments(operation, args, label);
  const parameters = encodeParams(operation, args.slice(0, operation.parameters.length), caller.proxyCodec);
  const reply = await caller.invoke({ target, operation, parameters, context, limits, label });
  if (reply.kind === "ok") return decodeResult(operation, reply.body, caller.proxyCodec);
  throw toOmeroError(decodeException(reply.body, caller.proxyCodec), { operation: label });
}

/** The options among the arguments. */
function checkArguments({ parameters }: Operation, args: readonly unknown[], label: string): CallOptions {
  const options = args[parameters.length];
  const tooMany = args.length > parameters.length + 1;
  const noOptions = options !== undefined && (typeof options !== "object" || options === null);
  if (args.length < parameters.length || tooMany || noOptions) {
    const names = parameters.map((parameter) => parameter.name).join(", ");
    const expected = parameters.length === 0 ? "no parameters" : `${parameters.length} (${names})`;
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      `${label} takes ${expected} and then call options; ${args.length} given`,
      {
        operation: label,
      },
    );
  }
  return (options as CallOptions | undefined) ?? {};
}

function makeServiceClass(sliceId: string): ServiceClass {
  const Service = class {
    readonly #caller: Caller<unknown>;
    readonly #target: unknown;

    constructor(caller: Caller<unknown>, target: unknown) {
      this.#caller = caller;
      this.#target = target;
    }

    static call(service: InstanceType<typeof Service>, operation: Operation, args: unknown[]): Promise<unknown> {
      return callOperation(service.#caller, service.#target, operation, args);
    }
  };
  for (const operation of operationsOf(sliceId)) {
    Object.defineProperty(Service.prototype, operation.name, {
      configurable: true,
      writable: true,
      value(this: InstanceType<typeof Service>, ...args: unknown[]) {
        return Service.call(this, operation, args);
      },
    });
  }
  return Service;
}

/** The operations of a service, of its bases and of every object. */
function operationsOf(sliceId: string): Operation[] {
  const names = serviceIds(sliceId).flatMap((id) => [...loadSchema().findService(id)!.operations.keys()]);
  return [...new Set(names)].map((name) => getOperation(sliceId, name));
}
