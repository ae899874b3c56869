/**
 * Objects that a server offers.
 */
import type { CallOptions } from "../client/call.js";
import type { Identity } from "../codec/proxy-ref.js";

/** A client's connection, as servants see it. */
export interface ClientPeer {
  /** Address and port of the client. */
  readonly peer: string;
  readonly transport: "tcp" | "ssl";
  readonly closed: boolean;
  /** Lifts the limits on time and on the size of messages that hold for strangers. */
  trust(): void;
  /** Sets the limit on time again, for a client that has logged out or whose session has ended. */
  expectLogIn(): void;
  /** Tells `listener` once when the connection has ended, at once if it has already. */
  onClose(listener: () => void): void;
}

/** What a servant may know of the call it answers. */
export interface Current {
  readonly connection: ClientPeer;
  readonly identity: Identity;
  readonly operation: string;
  /** What the client sent along, such as `omero.group`. */
  readonly context: ReadonlyMap<string, string>;
}

/**
 * The methods of a service, as a server answers them: the operation's parameters, then {@link Current}. A method may
 * throw an `IceUserException` that the operation declares. An operation that has no method does not exist.
 *
 * @typeParam Service a service interface such as `IConfig`.
 */
export type Servant<Service> = {
  [Name in keyof Service]?: Service[Name] extends (...args: infer Args) => Promise<infer Result>
    ? Required<Args> extends [...infer Params, CallOptions]
      ? (...args: [...Params, current: Current]) => Result | Promise<Result>
      : never
    : never;
};

export interface ServedObject {
  readonly identity: Identity;
  /** Its service, for example `::omero::api::IConfig`. */
  readonly sliceId: string;
  /** A {@link Servant} of that service. */
  readonly servant: object;
  /** Most bytes of a call's parameters: decoding more would keep others waiting. As large as messages can be unless given. */
  readonly requestSizeMax?: number;
}

/** Objects by identity. */
export class ObjectRegistry {
  readonly #objects = new Map<string, ServedObject>();

  /** @returns false if the identity is taken. */
  add(object: ServedObject): boolean {
    const key = keyOf(object.identity);
    if (this.#objects.has(key)) return false;
    this.#objects.set(key, object);
    return true;
  }

  remove(identity: Identity): boolean {
    return this.#objects.delete(keyOf(identity));
  }

  find(identity: Identity): ServedObject | undefined {
    return this.#objects.get(keyOf(identity));
  }
}

function keyOf({ category, name }: Identity): string {
  return JSON.stringify([category, name]);
}
