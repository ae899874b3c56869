/** Offers the tables of an OMERO server by Arrow Flight. */
import { isIP } from "node:net";
import type { ConnectOptions, OmeroConnection } from "../connect/index.js";
import { hostAndPort, parseServerAddress } from "../connect/server-address.js";
import { ArgumentError, invalidArgument } from "../errors.js";
import { checkOptions, type OptionNames } from "../flow/options.js";

/** In front of which OMERO server, where, and for whom. */
export interface FlightServerOptions extends Pick<ConnectOptions, "server" | "port" | "tls"> {
  /** Address to listen at. Default 127.0.0.1, for this machine alone. */
  readonly host?: string | undefined;
  /** Port to listen at. Default any that is free. */
  readonly listen?: number | undefined;
  /** Private key and certificate in PEM form, for TLS. Default none: plain text. */
  readonly certificate?: { readonly key: string | Uint8Array; readonly cert: string | Uint8Array } | undefined;
  /** Listen for others than this machine without TLS, so that passwords can be read on the way. Default false. */
  readonly allowPlaintext?: boolean | undefined;
  /** Whoever has this token works in the session of `connection`; at least 16 characters. Default nobody. */
  readonly token?: string | undefined;
  /** What `token` lets in to; it stays open. */
  readonly connection?: OmeroConnection | undefined;
  /** Seconds without a call after which a user is logged out. Default 600. */
  readonly idleTimeout?: number | undefined;
  /** Milliseconds that a client has to take a message. Default 300,000. */
  readonly stallTimeout?: number | undefined;
}

/** A server that runs. */
export interface FlightServer extends AsyncDisposable {
  /** As clients of Flight take it: `grpc://127.0.0.1:8815`, or `grpc+tls://`. */
  readonly url: string;
  /** Port it listens at. */
  readonly port: number;
  /** Ends all calls, logs all users out, and frees the port. */
  close(): Promise<void>;
}

const FLIGHT_OPTIONS: OptionNames<FlightServerOptions> = {
  server: true,
  port: true,
  tls: true,
  host: true,
  listen: true,
  certificate: true,
  allowPlaintext: true,
  token: true,
  connection: true,
  idleTimeout: true,
  stallTimeout: true,
};
const IDLE_TIMEOUT = 600;
const STALL_TIMEOUT = 300_000;
const LEAST_TOKEN = 16;
const PACKAGES = ["@grpc/grpc-js", "protobufjs"];

/**
 * Offers the tables of an OMERO server by Arrow Flight, to pyarrow and all others that speak it. Users log in with name and
 * password of the OMERO server, or with the key of a session as their token, and see what they may see there; or all who have
 * `token` work in the session of `connection`.
 *
 * @throws ArgumentError `INVALID_ARGUMENT`, among it to listen for others without TLS; `MISSING_PACKAGE`
 * @throws the system's error (`EADDRINUSE`) for an address
 *
 * @example
 * ```ts
 * await using flight = await serveFlight({ server: "omero.example.org" });
 * console.log(flight.url); // pyarrow.flight.connect(url).authenticate_basic_token(user, password)
 * ```
 */
export async function serveFlight(options: FlightServerOptions): Promise<FlightServer> {
  checkOptions(options, FLIGHT_OPTIONS, "serveFlight");
  checkAccess(options);
  const { server, port, tls, host = "127.0.0.1", listen = 0, certificate, token, connection } = options;
  const { idleTimeout = IDLE_TIMEOUT, stallTimeout = STALL_TIMEOUT } = options;
  const [{ startFlightServer }, { FlightSessions }] = await loaded();
  const sessions = new FlightSessions({
    login: server === undefined ? undefined : { server, port, tls },
    shared: token === undefined ? undefined : { token, connection: connection! },
    idleTimeout,
  });
  const running = await startFlightServer(sessions, { host, port: listen, certificate, stallTimeout }).catch((error) =>
    sessions.close().then(() => Promise.reject(error)),
  );
  const scheme = certificate === undefined ? "grpc" : "grpc+tls";
  const url = `${scheme}://${hostAndPort(host, running.port)}`;
  return { url, port: running.port, close: running.close, [Symbol.asyncDispose]: running.close };
}

function checkAccess(options: FlightServerOptions): void {
  const { server, port, tls, token, connection, host = "127.0.0.1", certificate, allowPlaintext = false } = options;
  if (server !== undefined) parseServerAddress(server, { port, plain: tls === false });
  if ((token === undefined) !== (connection === undefined)) throw invalidArgument("Give token and connection together");
  if (server === undefined && token === undefined) {
    throw invalidArgument("Give server, where users log in, or token and connection");
  }
  if (token !== undefined && (token.length < LEAST_TOKEN || !/^[\x21-\x7e]+$/.test(token))) {
    throw invalidArgument(`token is ${LEAST_TOKEN} or more letters, digits and signs, without spaces`);
  }
  if (certificate === undefined && !allowPlaintext && !isThisMachine(host)) {
    throw invalidArgument(
      `At ${host} others would send passwords and tokens in plain text: give a certificate, or allowPlaintext`,
    );
  }
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

async function loaded() {
  try {
    return await Promise.all([import("./flight-server.js"), import("./access/sessions.js")]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    const message = `Arrow Flight needs ${PACKAGES.join(" and ")}: npm install ${PACKAGES.join(" ")}`;
    throw new ArgumentError("MISSING_PACKAGE", message, { cause });
  }
}
