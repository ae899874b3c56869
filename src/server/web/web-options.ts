/** What the web server beside an embedded server can be told. */
import type { ServerTls } from "../../connect/ice/serve/tls-server.js";
import { ArgumentError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";

/** The web server beside it, at which TileDB arrays are registered. */
export interface WebOptions {
  /** Port; 0 (default) for any free one. The address is that of the server. */
  readonly port?: number;
  /** Path that all others are below, for example `/omero`. Default none. */
  readonly prefix?: string;
  /** Private key and certificate in PEM form, or false for plain HTTP. Default: those of the server, if it has any. */
  readonly tls?: ServerTls | false;
  /** Folders whose TileDB arrays, at any depth, may be registered. Default none: every registration is refused. */
  readonly arrays?: string | readonly string[];
}

const WEB_OPTIONS: OptionNames<WebOptions> = { port: true, prefix: true, tls: true, arrays: true };

/** What the options come to. */
export interface WebSetting {
  readonly port: number;
  /** Without a slash at its end. */
  readonly prefix: string;
  /** Undefined for plain HTTP. */
  readonly tls: ServerTls | undefined;
  readonly arrays: readonly string[];
}

/**
 * @param serverTls of the server itself
 * @returns undefined where no web server is wanted
 * @throws ArgumentError `INVALID_ARGUMENT`
 */
export function webSetting(web: boolean | WebOptions | undefined, serverTls: ServerTls = {}): WebSetting | undefined {
  if (!web) return undefined;
  if (web !== true) checkOptions(web, WEB_OPTIONS, "web of startServer");
  const { port = 0, prefix = "", tls, arrays = [] } = web === true ? {} : web;
  const folders = typeof arrays === "string" ? [arrays] : arrays;
  if (folders.some((folder) => typeof folder !== "string" || folder === "")) {
    throw invalid("arrays must name folders");
  }
  const wanted = tls === undefined ? serverTls : tls || {};
  const isWhole = wanted.key !== undefined && wanted.cert !== undefined;
  if (tls && !isWhole) throw invalid("tls needs a key and a certificate; false is for plain HTTP");
  return { port, prefix: checkPrefix(prefix), tls: isWhole ? wanted : undefined, arrays: folders };
}

function checkPrefix(prefix: string): string {
  const path = prefix.replace(/^\/+|\/+$/g, "");
  if (path === "") return "";
  const isPath = path.split("/").every((part) => /^[\w.~-]+$/.test(part) && !/^\.\.?$/.test(part));
  if (isPath) return `/${path}`;
  throw invalid(`prefix ${JSON.stringify(prefix)} is no path of letters, digits and "-._~"; give for example "/omero"`);
}

function invalid(message: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", `web: ${message}`);
}
