/**
 * How much a TLS connection is to prove.
 */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type ConnectionOptions, DEFAULT_CIPHERS, type TLSSocket } from "node:tls";
import { ArgumentError } from "../../../errors.js";

/**
 * - `"encrypt"`: encryption without proof of who answers, as OMERO's own clients do. Anonymous Diffie-Hellman (all that
 *   an OMERO server offers unless set up with a certificate) and any certificate are accepted.
 * - `"verify"`: the certificate must be valid, issued by an authority this system trusts, and name the host.
 * - `{ ca }`: the same, with an authority of your own (PEM text, or its bytes).
 * - `{ fingerprint }`: the certificate's SHA-256 fingerprint must be this one (hexadecimal, with or without colons).
 */
export type TlsMode = "encrypt" | "verify" | { ca?: string | Uint8Array; fingerprint?: string };

/**
 * Suites without a certificate (RFC 4492 and 5246), which OpenSSL keeps off unless the security level is zero; none
 * without encryption, of which there is one among them.
 */
export const ANONYMOUS_CIPHERS = "ADH:AECDH:!eNULL:@SECLEVEL=0";

/** Bun's TLS, BoringSSL, has none of them, and does not even understand the list. */
const KNOWS_ANONYMOUS_CIPHERS = !("bun" in process.versions);

/** Suites with a certificate, then those without. Node's own list shuts the latter out for good. */
const ALL_CIPHERS = `${DEFAULT_CIPHERS.replace(/:!aNULL(?=:|$)/, "")}:${ANONYMOUS_CIPHERS}`;

/**
 * Handshakes to try in turn for a mode. Both of `"encrypt"` are equally strong; the second is for servers that choose
 * TLS 1.3 although they have no certificate, which it requires.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` if the mode is none of {@link TlsMode}.
 */
export function tlsHandshakes(mode: TlsMode, host: string): ConnectionOptions[] {
  checkTlsMode(mode);
  const servername = isIP(host) === 0 ? host : undefined;
  const common: ConnectionOptions = servername === undefined ? {} : { servername };
  if (mode === "encrypt") {
    const any: ConnectionOptions = { ...common, rejectUnauthorized: false, minVersion: "TLSv1" };
    if (!KNOWS_ANONYMOUS_CIPHERS) return [any];
    return [
      { ...any, maxVersion: "TLSv1.3", ciphers: ALL_CIPHERS },
      { ...any, maxVersion: "TLSv1.2", ciphers: ANONYMOUS_CIPHERS },
    ];
  }
  const modern: ConnectionOptions = { ...common, minVersion: "TLSv1.2" };
  if (mode === "verify") return [{ ...modern, rejectUnauthorized: true }];
  // A known fingerprint stands for the certificate's issuer and name, unless an authority is given too.
  if (mode.ca === undefined) return [{ ...modern, rejectUnauthorized: false }];
  return [{ ...modern, rejectUnauthorized: true, ca: typeof mode.ca === "string" ? mode.ca : Buffer.from(mode.ca) }];
}

/** The fingerprint of the peer's certificate if it is not the one asked for; undefined if it is, or none was. */
export function wrongFingerprint(mode: TlsMode, socket: TLSSocket): string | undefined {
  if (typeof mode === "string" || mode.fingerprint === undefined) return undefined;
  const found = socket.getPeerX509Certificate()?.fingerprint256 ?? "";
  return plainHex(found) === plainHex(mode.fingerprint) ? undefined : found || "none";
}

function checkTlsMode(mode: TlsMode): void {
  if (mode === "encrypt" || mode === "verify") return;
  if (typeof mode !== "object" || mode === null || (mode.ca === undefined && mode.fingerprint === undefined)) {
    throw new ArgumentError("INVALID_ARGUMENT", 'tls must be "encrypt", "verify", { ca } or { fingerprint }');
  }
  if (mode.fingerprint !== undefined && !/^[0-9a-f]{64}$/.test(plainHex(mode.fingerprint))) {
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      "tls.fingerprint must be a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons",
    );
  }
  if (mode.ca !== undefined) checkAuthority(mode.ca);
}

/** Node ignores a CA that it cannot read, and then reports every certificate as self-signed. */
function checkAuthority(ca: string | Uint8Array): void {
  try {
    new X509Certificate(ca);
  } catch (cause) {
    throw new ArgumentError("INVALID_ARGUMENT", "tls.ca must hold a certificate in PEM form", { cause });
  }
}

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
