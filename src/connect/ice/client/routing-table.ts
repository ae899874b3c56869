import { keepUnlessFailed } from "../../../flow/failures.js";
import { InputBuffer } from "../codec/input-buffer.js";
import { OutputBuffer } from "../codec/output-buffer.js";
import type { ProxyCodec, ProxyRef } from "../codec/proxy-ref.js";

/** Sends `addProxies` to the router and returns the encoded result. */
export type AddProxies = (params: Uint8Array) => Promise<Uint8Array>;

/**
 * What the router knows: it forwards requests only to objects whose proxy it was given (`Ice::Router::addProxies`), and
 * forgets the oldest of them when its table is full.
 */
export class RoutingTable {
  readonly #addProxies: AddProxies;
  readonly #codec: ProxyCodec;
  readonly #known = new Map<string, Promise<void>>();
  readonly #added = new Set<string>();

  constructor(codec: ProxyCodec, addProxies: AddProxies) {
    this.#codec = codec;
    this.#addProxies = addProxies;
  }

  /** Whether the router has said that it knows the object of a proxy. */
  knows(proxy: ProxyRef): boolean {
    return this.#added.has(identityKey(proxy));
  }

  /** Makes the router know the object of a proxy. Concurrent calls share one request. */
  add(proxy: ProxyRef): Promise<void> {
    const key = identityKey(proxy);
    return this.#known.get(key) ?? keepUnlessFailed(this.#known, key, this.#add(proxy));
  }

  /** To be told when the router answers that it does not know the object after all. */
  forget(proxy: ProxyRef): void {
    const key = identityKey(proxy);
    this.#known.delete(key);
    this.#added.delete(key);
  }

  async #add(proxy: ProxyRef): Promise<void> {
    const params = new OutputBuffer();
    params.writeSize(1);
    params.writeRaw(this.#codec.write(proxy));
    const gone = this.#readProxies(await this.#addProxies(params.toBytes()));
    this.#added.add(identityKey(proxy));
    for (const other of gone) this.forget(other);
  }

  #readProxies(bytes: Uint8Array): ProxyRef[] {
    const input = new InputBuffer(bytes, "answer to Router.addProxies");
    const proxies: ProxyRef[] = [];
    for (let left = input.readCount(2); left > 0; left--) {
      const { proxy, end } = this.#codec.read(bytes, input.offset);
      input.moveTo(end);
      if (proxy) proxies.push(proxy);
    }
    return proxies;
  }
}

function identityKey({ identity }: ProxyRef): string {
  return JSON.stringify([identity.category, identity.name]);
}
