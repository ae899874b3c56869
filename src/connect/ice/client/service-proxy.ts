/**
 * Services as objects whose methods are the operations of the schema.
 */
import { ArgumentError } from "../../../errors.js";
import { decodeException, decodeResult, encodeParams } from "../codec/codec.js";
import type { ProxyRef } from "../codec/proxy-ref.js";
import { getOperation, loadSchema, type Operation, serviceIds } from "../schema/schema.js";
import type { IceClient } from "./ice-client.js";
import type { CallOptions } from "./invoke.js";
import { toOmeroError } from "./server-exceptions.js";

/** What calling needs of a client. */
export type Caller = Pick<IceClient, "invokeRaw" | "proxyCodec">;

type ServiceClass = new (caller: Caller, proxy: ProxyRef) => object;

const classes = new Map<string, ServiceClass>();
const proxies = new WeakMap<object, ProxyRef>();

/**
 * A typed proxy: each operation of the service is a method that takes the operation's parameters and, after them,
 * {@link CallOptions}, and promises its result (an array of them if there are several).
 *
 * @param sliceId for example `::omero::api::IQuery`.
 */
export function serviceProxy<T>(caller: Caller, proxy: ProxyRef, sliceId: string): T {
  let Service = classes.get(sliceId);
  if (!Service) {
    Service = makeServiceClass(sliceId);
    classes.set(sliceId, Service);
  }
  return new Service(caller, proxy) as T;
}

/** The proxy behind a service made by {@link serviceProxy}, to be given as a parameter. */
export function proxyOf(service: object): ProxyRef {
  const proxy = proxies.get(service);
  if (!proxy) throw new ArgumentError("INVALID_ARGUMENT", "this object is no service of a server");
  return proxy;
}

/**
 * Calls one operation.
 *
 * @param args the operation's parameters, and {@link CallOptions} if one more is given.
 * @throws ArgumentError `INVALID_ARGUMENT` for the wrong number of parameters; WireError `CANNOT_ENCODE` for one of the
 *   wrong type; the server's exceptions as {@link toOmeroError} makes them; and what `invokeRaw` throws.
 */
async function callOperation(
  caller: Caller,
  proxy: ProxyRef,
  operation: Operation,
  args: readonly unknown[],
): Promise<unknown> {
  const label = `${operation.service.slice(operation.service.lastIndexOf(":") + 1)}.${operation.name}`;
  const { length } = operation.parameters;
  const options = checkArguments(operation, args, label);
  const params = encodeParams(operation, args.slice(0, length), caller.proxyCodec);
  const reply = await caller.invokeRaw(proxy, operation.name, operation.mode, params, { ...options, label });
  if (reply.kind === "ok") return decodeResult(operation, reply.body, caller.proxyCodec);
  throw toOmeroError(decodeException(reply.body, caller.proxyCodec), { operation: label });
}

function checkArguments({ parameters }: Operation, args: readonly unknown[], label: string): CallOptions | undefined {
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
  return options as CallOptions | undefined;
}

function makeServiceClass(sliceId: string): ServiceClass {
  const Service = class {
    readonly #caller: Caller;
    readonly #proxy: ProxyRef;

    constructor(caller: Caller, proxy: ProxyRef) {
      this.#caller = caller;
      this.#proxy = proxy;
      proxies.set(this, proxy);
    }

    static call(service: InstanceType<typeof Service>, operation: Operation, args: unknown[]): Promise<unknown> {
      return callOperation(service.#caller, service.#proxy, operation, args);
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
