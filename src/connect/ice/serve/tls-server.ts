/**
 * The TLS port of a server.
 */
import { DEFAULT_CIPHERS, type TlsOptions } from "node:tls";
import { ANONYMOUS_CIPHERS } from "../transport/tls-mode.js";

export interface ServerTls {
  /** Private key and certificate in PEM form; anonymous ciphers alone are offered, as OMERO does, unless given. */
  key?: string | Uint8Array;
  cert?: string | Uint8Array;
}

/** The 2048-bit group of RFC 7919: safe, and quicker than the one OpenSSL would choose for anonymous ciphers. */
const FFDHE2048 = `-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
`;

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
    ciphers: ANONYMOUS_CIPHERS,
    dhparam: FFDHE2048,
    minVersion: "TLSv1",
    maxVersion: "TLSv1.2",
    handshakeTimeout: HANDSHAKE_TIMEOUT,
  };
}

function pem(text: string | Uint8Array): string | Buffer {
  return typeof text === "string" ? text : Buffer.from(text);
}
