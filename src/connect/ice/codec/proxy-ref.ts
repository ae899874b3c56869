/** Proxies as the codec sees them: opaque values that a {@link ProxyCodec} reads and writes. */

/** `Ice::Identity`: what a remote object is called. */
export interface Identity {
  readonly name: string;
  readonly category: string;
}

/** A proxy received from, or to be sent to, a peer. `prx` is the `Ice.ObjectPrx` of the transport. */
export interface ProxyRef {
  /** Name of the object on its server. */
  readonly identity: Identity;
  /** The proxy as Ice writes it. */
  readonly prx: unknown;
}

/** Turns proxies into bytes of Ice encoding 1.0 and back. The transport supplies it. */
export interface ProxyCodec {
  /**
   * The proxy that begins at `offset`, and the offset after it. The codec has checked that a whole proxy is there.
   */
  read(bytes: Uint8Array, offset: number): { proxy: ProxyRef | null; end: number };
  /** The bytes of a proxy, or of the null proxy. */
  write(proxy: ProxyRef | null): Uint8Array;
}
