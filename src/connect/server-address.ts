import { isIPv6 } from "node:net";
import { invalidArgument } from "../errors.js";

/** `ssl` and `wss` are encrypted; `tcp` and `ws` are plain text. */
export type Protocol = "ssl" | "tcp" | "wss" | "ws";

/** Where a Glacier2 router listens. */
export interface ServerAddress {
  readonly protocol: Protocol;
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path of a WebSocket address, beginning with `/`; empty for `ssl` and `tcp`. */
  readonly path: string;
}

export interface AddressDefaults {
  /** Port; an address that names one must name the same. */
  readonly port?: number | undefined;
  /** Port where neither the address nor `port` names one. Default: 4064 for `ssl`, 4063 `tcp`, 443 `wss`, 80 `ws`. */
  readonly fallbackPort?: number | undefined;
  /** Reach the server without encryption where the address names no protocol. */
  readonly plain?: boolean | undefined;
}

/** Ports that OMERO (`ssl`, `tcp`) and the web (`wss`, `ws`) use when none is given. */
const DEFAULT_PORTS: Record<Protocol, number> = { ssl: 4064, tcp: 4063, wss: 443, ws: 80 };

const FORMS = "host, host:port, [IPv6]:port, ssl://host:port, tcp://host:port or ws(s)://host:port/path";

/**
 * Reads a server as users write it: `host`, `host:port`, `[::1]:4064`, `ssl://`, `tcp://`, `ws://` or `wss://`.
 * Plain text is chosen only by `tcp://`, `ws://` or `defaults.plain`.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` for anything else, for a port named twice with different values, and for
 * `defaults.plain` with an encrypted address.
 */
export function parseServerAddress(server: string, defaults: AddressDefaults = {}): ServerAddress {
  const text = server.trim();
  if (text.includes("@")) {
    throw invalidArgument("server must name no user or password; give them as username and password");
  }
  const { scheme, rest } = splitScheme(text);
  if (defaults.plain && (scheme === "ssl" || scheme === "wss")) {
    throw invalidArgument(`server ${text} asks for encryption, tls: false for none; give one of them`);
  }
  const protocol = scheme ?? (defaults.plain ? "tcp" : "ssl");
  const slash = rest.indexOf("/");
  const path = slash < 0 ? "" : rest.slice(slash);
  if (path !== "" && path !== "/" && !isWebSocket(protocol)) {
    throw invalidArgument(`server ${text} has a path, which only ws:// and wss:// addresses have`);
  }
  const { host, port } = splitPort(slash < 0 ? rest : rest.slice(0, slash), text);
  if (port !== undefined && defaults.port !== undefined && port !== defaults.port) {
    throw invalidArgument(`server ${text} names port ${port}, the port option ${defaults.port}; give one of them`);
  }
  return {
    protocol,
    host,
    port: checkPort(port ?? defaults.port ?? defaults.fallbackPort ?? DEFAULT_PORTS[protocol]),
    path: isWebSocket(protocol) ? path || "/" : "",
  };
}

/** The port of a `port` option or of `OMERO_PORT`. @throws ArgumentError `INVALID_ARGUMENT` */
export function parsePort(port: number | string): number {
  return checkPort(typeof port === "string" && /^\d{1,5}$/.test(port.trim()) ? Number(port) : port);
}

/** Whether an address is reached without encryption. */
export function isPlain(address: ServerAddress): boolean {
  return address.protocol === "tcp" || address.protocol === "ws";
}

/** `host:port`, with brackets around an IPv6 address; the protocol only where it is not the usual `ssl`. */
export function formatAddress(address: ServerAddress): string {
  const scheme = address.protocol === "ssl" ? "" : `${address.protocol}://`;
  return `${scheme}${hostAndPort(address.host, address.port)}${address.path === "/" ? "" : address.path}`;
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostAndPort(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Whether two addresses reach the same host, port and path. */
export function sameServer(one: ServerAddress, other: ServerAddress): boolean {
  return one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port && one.path === other.path;
}

function splitScheme(text: string): { scheme: Protocol | undefined; rest: string } {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text);
  if (!match) return { scheme: undefined, rest: text };
  const scheme = match[1]!.toLowerCase();
  if (!(scheme in DEFAULT_PORTS)) throw invalidArgument(`server ${text} begins with ${scheme}://; give ${FORMS}`);
  return { scheme: scheme as Protocol, rest: match[2]! };
}

function splitPort(authority: string, text: string): { host: string; port: number | undefined } {
  if (isIPv6(authority)) return { host: authority, port: undefined };
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(authority);
  const host = match?.[1] ?? match?.[2] ?? "";
  const isAddress = match?.[1] !== undefined ? isIPv6(host) : /^[^\s/\\?#%&"'<>]+$/.test(host);
  if (!isAddress) throw invalidArgument(`server "${text}" is not an address; give ${FORMS}`);
  return { host, port: match?.[3] === undefined ? undefined : Number(match[3]) };
}

function checkPort(port: unknown): number {
  if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw invalidArgument(`port ${String(port)} is not a number from 1 to 65535`);
}

function isWebSocket(protocol: Protocol): boolean {
  return protocol === "ws" || protocol === "wss";
}
