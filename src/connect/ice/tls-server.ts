/**
 * The TLS port of a server.
 */
import { DEFAULT_CIPHERS, type TlsOptions } from "node:tls";
import { ANONYMOUS_CIPHERS } from "./tls-mode.js";

export interface ServerTls {
  /** Private key and certificate in PEM form; anonymous ciphers alone are offered, as OMERO does, unless given. */
  key?: string | Uint8Array;
  cert?: string | Uint8Array;
}

/** Milliseconds that a client has for its part of the handshake. */
const HANDSHAKE_TIMEOUT = 10_000;

export function tlsServerOptions({ key, cert }: ServerTls): TlsOptions {
  if (key !== undefined && cert !== undefined) {
    return {
      key: pem(key),
      cert: pem(cert),
      ciphers: DEFAULT_CIPHERS,
      minVersion: "TLSv1.2",
      handshakeTimeout: HANDSHAKE_TIMEOUT,
    };
  }
  // TLS 1.3 has no suites without a certificate.
  return {
    ciphers: `${ANONYMOUS_CIPHERS}:@SECLEVEL=0`,
    dhparam: "auto",
    minVersion: "TLSv1",
    maxVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  };
}

function pem(text: string | Uint8Array): string | Buffer {
  return typeof text === "string" ? text : Buffer.from(text);
}
