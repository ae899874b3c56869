/** The web server (OMERO.web) of an OMERO server, where tables are registered. */
import { X509Certificate } from "node:crypto";
import { isIPv6 } from "node:net";
import { ArgumentError, invalidArgument } from "../../errors.js";
import type { OptionNames } from "../../flow/options.js";

/** Where the web server of OMERO Plus is. */
export interface WebServerOptions {
  /** Address of the web server, with port if need be; the OMERO server's host unless given. `http://` only if written out. */
  readonly server?: string | undefined;
  /** Certificate authorities (PEM) of a web server that has its own, in place of the usual ones. */
  readonly ca?: string | Buffer | undefined;
  /** Milliseconds for each request. Default 30,000. */
  readonly timeout?: number | undefined;
}

/** The names of {@link WebServerOptions}. */
export const WEB_SERVER_OPTIONS: OptionNames<WebServerOptions> = { server: true, ca: true, timeout: true };

export interface OmeroWeb {
  /** `https://host`, with the port where it is not the usual one. */
  readonly origin: string;
  /** Path that all others are below, without a slash at its end. */
  readonly prefix: string;
  readonly ca: string | Buffer | undefined;
  readonly timeout: number;
}

const DEFAULT_TIMEOUT = 30_000;
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * @param host of the OMERO server, where the options name no other
 * @throws ArgumentError `INVALID_ARGUMENT`
 */
export function webServer(host: string, prefix: string | undefined, options: WebServerOptions): OmeroWeb {
  const { ca, timeout = DEFAULT_TIMEOUT } = options;
  if (!(typeof timeout === "number" && timeout > 0 && timeout <= LONGEST_TIMEOUT)) {
    throw invalidArgument(`timeout ${String(timeout)} must be a number of milliseconds`);
  }
  if (ca !== undefined) checkAuthority(ca);
  return { origin: originOf(options.server ?? host), prefix: checkPrefix(prefix), ca, timeout };
}

/** The runtime takes text without certificates as well, and then trusts nobody. */
function checkAuthority(ca: string | Buffer): void {
  try {
    if (!/-----BEGIN [\w ]*CERTIFICATE-----/.test(String(ca))) throw new Error("it is no PEM");
    new X509Certificate(ca);
  } catch (cause) {
    throw new ArgumentError("INVALID_ARGUMENT", "ca holds no certificate in PEM form", { cause });
  }
}

function originOf(server: string): string {
  // Not repeated, because it may hold a password.
  if (typeof server === "string" && server.includes("@")) throw invalidArgument("server must name no user or password");
  const url = typeof server === "string" ? parse(server.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw invalidArgument(`"${server}" is no web address; give host, host:port or https://host:port`);
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw invalidArgument(`server "${server}" holds more than host and port; give a path as "prefix"`);
  }
  return url.origin;
}

function parse(server: string): URL | undefined {
  const host = isIPv6(server) ? `[${server}]` : server;
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `https://${host}`);
  } catch {
    return undefined;
  }
}

/** `/omero` of `omero`, `/omero` and `/omero/`. @throws ArgumentError `INVALID_ARGUMENT` */
export function checkPrefix(prefix: string | undefined = ""): string {
  const path = typeof prefix === "string" ? prefix.replace(/^\/+|\/+$/g, "") : undefined;
  if (path === "") return "";
  const isPath = path?.split("/").every((part) => /^[\w\-.~%!$&'()*+,;=:@]+$/.test(part) && !/^\.\.?$/.test(part));
  if (isPath) return `/${path}`;
  throw invalidArgument(`prefix ${JSON.stringify(prefix)} is no path of a web address; give for example "/omero"`);
}
