/**
 * The TLS port of a server.
 */
import { DEFAULT_CIPHERS, type TlsOptions } from "node:tls";
import { ANONYMOUS_CIPHERS } from "../transport/tls-mode.js";

export interface ServerTls {
  /** Private key and certificate in PEM form; anonymous ciphers alone are offered, as old OMERO does, unless given. */
  key?: string | Uint8Array;
  /** Certificate, PEM. */
  cert?: string | Uint8Array;
  /** Whether clients that know no certificates are taken beside those that want one. Default false. */
  anonymous?: boolean;
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

/** Suites of TLS 1.3, then all strong ones with a certificate, then those without, none without encryption. */
const CIPHERS_OF_EVERYBODY =
  "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:" +
  "HIGH:-aNULL:aNULL:!eNULL:@SECLEVEL=0";

export function tlsServerOptions({ key, cert, anonymous = false }: ServerTls): TlsOptions {
  if (key !== undefined && cert !== undefined) {
    const certified = { key: pem(key), cert: pem(cert), handshakeTimeout: HANDSHAKE_TIMEOUT };
    return anonymous
      ? { ...certified, ciphers: CIPHERS_OF_EVERYBODY, dhparam: FFDHE2048, minVersion: "TLSv1" }
      : { ...certified, ciphers: DEFAULT_CIPHERS, minVersion: "TLSv1.2" };
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
