/** The gRPC server: where it listens, its limits, its methods. */
import { type ChannelOptions, Server, ServerCredentials } from "@grpc/grpc-js";
import { hostAndPort } from "../connect/server-address.js";
import { Turns } from "../flow/turns.js";
import { authenticating } from "./access/authenticating.js";
import type { FlightSessions } from "./access/sessions.js";
import { doAction, listActions } from "./calls/actions.js";
import { type FlightServerState, streaming, unary } from "./calls/call-work.js";
import { doGet } from "./calls/do-get.js";
import { doPut } from "./calls/do-put.js";
import { getFlightInfo, getSchema, pollFlightInfo } from "./calls/flight-info.js";
import { handshake } from "./calls/handshake.js";
import { regulating } from "./calls/inflow.js";
import { listFlights } from "./calls/list-flights.js";
import { FLIGHT_SERVICE } from "./protocol/service.js";

/** Where to listen, and how. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  /** PEM; plain text without them. */
  readonly certificate: { readonly key: string | Uint8Array; readonly cert: string | Uint8Array } | undefined;
  readonly stallTimeout: number;
}

/** Tables read at a time: a table server reads one after the other anyhow. */
const READS = 16;
const UPLOADS = 2;
const LIMITS: ChannelOptions = {
  /** Bytes of a message that comes; those that go are as large as a row is at least. */
  "grpc.max_receive_message_length": 64 << 20,
  "grpc.max_send_message_length": -1,
  "grpc.max_concurrent_streams": 128,
  /** Milliseconds: who has gone without a word is found out. */
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
};

export interface RunningFlightServer {
  readonly port: number;
  /** Ends all calls, and all sessions. */
  close(): Promise<void>;
}

/** @throws the system's error where it cannot listen */
export async function startFlightServer(sessions: FlightSessions, where: Listening): Promise<RunningFlightServer> {
  const callers = new WeakMap();
  const { stallTimeout } = where;
  const inflows = new WeakMap();
  const state = { sessions, callers, inflows, reads: new Turns(READS), uploads: new Turns(UPLOADS), stallTimeout };
  const interceptors = [
    authenticating(sessions, callers, [FLIGHT_SERVICE.Handshake.path]),
    regulating(inflows, [FLIGHT_SERVICE.DoPut.path]),
  ];
  const server = new Server({ ...LIMITS, interceptors });
  server.addService(FLIGHT_SERVICE, methods(state));
  const port = await listen(server, where);
  const close = async () => {
    server.forceShutdown();
    await sessions.close();
  };
  return { port, close };
}

function methods(state: FlightServerState) {
  return {
    Handshake: handshake(state),
    ListFlights: streaming(state, listFlights),
    GetFlightInfo: unary(state, getFlightInfo),
    PollFlightInfo: unary(state, pollFlightInfo),
    GetSchema: unary(state, getSchema),
    DoGet: streaming(state, doGet),
    DoPut: doPut(state),
    DoAction: streaming(state, doAction),
    ListActions: streaming(state, listActions),
  };
}

function listen(server: Server, { host, port, certificate }: Listening): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(hostAndPort(host, port), credentials(certificate), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
}

function credentials(certificate: Listening["certificate"]): ServerCredentials {
  if (certificate === undefined) return ServerCredentials.createInsecure();
  const [key, cert] = [Buffer.from(certificate.key), Buffer.from(certificate.cert)];
  return ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
}
