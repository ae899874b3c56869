/**
 * What went wrong while connecting, or with a connection, in this package's terms.
 */
import { ConnectionError, type OmeroError, ServerError } from "../../../errors.js";
import type { Transport } from "./byte-channel.js";
import type { IceLocalException } from "./ice-runtime.js";

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

export function at({ host, port }: Address): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The error for a socket or TLS session that could not be opened. */
export function openingError(address: Address, cause: unknown): ConnectionError {
  const code = errorCode(cause);
  const details = { host: address.host, port: address.port, cause };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EAI_NONAME" || code === "EAI_FAIL") {
    const temporary = code === "EAI_AGAIN" ? "; name look-up itself failed, so check the network too" : "";
    return new ConnectionError(
      "UNKNOWN_HOST",
      `no host "${address.host}" is known: check the server's name${temporary}`,
      details,
    );
  }
  if (code === "ETIMEDOUT") return timeoutError(address, "connecting", undefined, cause);
  const tls = address.transport === "ssl" || address.transport === "wss" ? tlsProblem(code, cause) : undefined;
  if (tls !== undefined) {
    return new ConnectionError("TLS_FAILED", `no secure connection to ${at(address)}: ${tls}`, details);
  }
  if (code === "ECONNREFUSED") {
    return new ConnectionError(
      "CONNECTION_REFUSED",
      `${at(address)} refuses connections: check the port and that the server is running`,
      details,
    );
  }
  return new ConnectionError(
    "CONNECTION_REFUSED",
    `${at(address)} cannot be reached (${code || messageOf(cause)}): check the address and the network`,
    details,
  );
}

/** The error when nothing useful happened within the time allowed. */
export function timeoutError(
  address: Address,
  during: "connecting" | "greeting",
  milliseconds?: number,
  cause?: unknown,
): ConnectionError {
  const time = milliseconds === undefined ? "" : ` within ${milliseconds} ms`;
  const hint =
    during === "connecting"
      ? "check the address, the port and any firewall between"
      : address.transport === "tcp"
        ? "it may be no OMERO server, or its TLS port, which speaks only when spoken to: try TLS"
        : "it may be no OMERO server";
  const symptom = during === "connecting" ? "did not answer" : "accepted the connection but sent no Ice greeting";
  return new ConnectionError("CONNECTION_TIMEOUT", `${at(address)} ${symptom}${time}: ${hint}`, {
    host: address.host,
    port: address.port,
    cause,
  });
}

/** The error for a peer whose first bytes are not those of an Ice server, or that went away before them. */
export function greetingError(address: Address, exception: IceLocalException): ConnectionError {
  if (exception.ice_id() === "::Ice::ConnectTimeoutException") return timeoutError(address, "greeting");
  const details = { host: address.host, port: address.port, cause: systemError(exception) };
  if (PEER_LEFT.has(exception.ice_id())) {
    return new ConnectionError(
      "CONNECTION_LOST",
      `${at(address)} closed the connection at once: it may be no OMERO server, or one that takes no more clients`,
      details,
    );
  }
  return new ConnectionError(
    "NOT_OMERO",
    `${at(address)} does not speak the Ice protocol, so it is no OMERO server: check host and port`,
    details,
  );
}

/** The error that ends a connection which had been working. */
export function lossError(address: Address, exception: IceLocalException | null, operation?: string): OmeroError {
  const details = { host: address.host, port: address.port, operation, cause: systemError(exception) };
  const id = exception?.ice_id() ?? "";
  if (id === "::Ice::MemoryLimitException") {
    return new ServerError(
      "MESSAGE_TOO_LARGE",
      `${at(address)} sent a message larger than the limit of this client: ask for fewer rows or columns at once`,
      details,
    );
  }
  return new ConnectionError(
    "CONNECTION_LOST",
    `the connection to ${at(address)} was lost: ${lossReason(id)}`,
    details,
  );
}

const PEER_LEFT = new Set(["::Ice::ConnectionLostException", "::Ice::CloseConnectionException"]);

const LOSS_REASONS = new Map([
  ["::Ice::ConnectionLostException", "the server or the network ended it"],
  ["::Ice::CloseConnectionException", "the server closed it"],
  ["::Ice::TimeoutException", "a transfer made no progress"],
  ["::Ice::ConnectionTimeoutException", "the server stopped answering"],
  ["::Ice::CloseTimeoutException", "the server stopped answering"],
  ["::Ice::SocketException", "the network failed"],
]);

function lossReason(id: string): string {
  return LOSS_REASONS.get(id) ?? "the server's bytes do not follow the Ice protocol";
}

function tlsProblem(code: string, cause: unknown): string | undefined {
  const known = TLS_PROBLEMS.get(code);
  if (known !== undefined) return known;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "its certificate is for another host name: connect by the name in the certificate, or give its fingerprint";
  }
  if (code === "ECONNRESET" || code === "EPIPE") {
    return "the server ended the handshake: it may not speak TLS on this port (OMERO's TLS port is 4064)";
  }
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") || code === "EPROTO" || code.startsWith("CERT_")) {
    return `the handshake failed (${code}: ${messageOf(cause)})`;
  }
  return undefined;
}

const UNTRUSTED =
  'give its authority as tls: { ca }, or its fingerprint as tls: { fingerprint }, or use tls: "encrypt"';
const NO_CIPHER =
  'the server refused the handshake: it may offer anonymous ciphers only, OMERO\'s default, which tls: "encrypt" accepts';

const TLS_PROBLEMS = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", `its certificate is self-signed: ${UNTRUSTED}`],
  ["SELF_SIGNED_CERT_IN_CHAIN", `its certificate comes from an authority that is not trusted: ${UNTRUSTED}`],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", `its certificate comes from an authority that is not trusted: ${UNTRUSTED}`],
  ["UNABLE_TO_GET_ISSUER_CERT", `its certificate comes from an authority that is not known: ${UNTRUSTED}`],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", `its certificate comes from an authority that is not known: ${UNTRUSTED}`],
  ["CERT_HAS_EXPIRED", "its certificate has expired: renew it on the server"],
  ["CERT_NOT_YET_VALID", "its certificate is not valid yet: check both clocks"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the server does not speak TLS on this port (OMERO's TLS port is 4064)"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "the server does not speak TLS on this port (OMERO's TLS port is 4064)"],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", NO_CIPHER],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", NO_CIPHER],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "the server wants another version of TLS"],
]);

/** The error of the operating system behind an exception of Ice, which itself would tell the reader nothing. */
function systemError(exception: IceLocalException | null): unknown {
  return exception?.ice_cause instanceof Error ? exception.ice_cause : undefined;
}

export function errorCode(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
