/** Serves the page of a table on this machine alone, to whoever has its address. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { ReadableTable } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { OmeroError } from "../../errors.js";
import { readBatches } from "../../read/read-table.js";
import { describeBatches } from "../describe.js";
import { drawTable, type PlotTableOptions } from "../plots/draw-table.js";
import { shownCells } from "./shown-cells.js";
import { TableView, type ViewChoice } from "./table-view.js";

/** What a page shows. */
export interface PageOptions {
  /** The table; it stays open. */
  readonly table: ReadableTable;
  /** Above the rows. */
  readonly title: string;
  /** The server that the table's ids are of: names of wells are asked there. Default none. */
  readonly connection?: OmeroConnection | undefined;
  /** Default any that is free. */
  readonly port?: number | undefined;
  /** Picture of an image as a JPEG; undefined for one that there is none of. Default none. */
  readonly thumbnail?: ((imageId: bigint) => Promise<Uint8Array | undefined>) | undefined;
}

/** A page that is being served. */
export interface ServedPage extends AsyncDisposable {
  /** Address with the token that lets in: whoever has it sees the table. */
  readonly url: string;
}

const HOST = "127.0.0.1";
const COOKIE = "omero2frame";
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  jpeg: "image/jpeg",
  json: "application/json",
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** What is answered: a body of a type. */
interface Answer {
  readonly status?: number;
  readonly type: keyof typeof TYPES;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Serves a page on which a table of any size can be looked at: rows are fetched as they come into sight.
 * @throws the system's error (`EADDRINUSE`) for a port
 */
export async function servePage(options: PageOptions): Promise<ServedPage> {
  const page = new Page(options);
  const server = createServer((request, response) => void page.answer(request, response));
  server.listen(options.port ?? 0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  page.port = port;
  const close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://${HOST}:${port}/?token=${page.token}`, [Symbol.asyncDispose]: close };
}

class Page {
  readonly token = randomBytes(24).toString("hex");
  port = 0;
  readonly #options: PageOptions;
  readonly #view: TableView;

  constructor(options: PageOptions) {
    this.#options = options;
    this.#view = new TableView(options.table);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const { status = 200, type, body, headers } = await this.#checked(request, gone.signal).catch(failure);
    response.writeHead(status, {
      "content-type": `${TYPES[type]}; charset=utf-8`,
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      ...headers,
    });
    response.end(body);
  }

  async #checked(request: IncomingMessage, signal: AbortSignal): Promise<Answer> {
    const url = new URL(request.url ?? "/", `http://${HOST}`);
    // A name that another site has let point here is not answered.
    if (request.headers.host !== `${HOST}:${this.port}`) return { status: 421, type: "json", body: "{}" };
    const given = url.searchParams.get("token");
    if (url.pathname === "/" && given !== null && this.#isToken(given)) {
      const cookie = `${COOKIE}=${this.token}; HttpOnly; SameSite=Strict; Path=/`;
      return { status: 303, type: "html", body: "", headers: { location: "/", "set-cookie": cookie } };
    }
    const [, held = ""] = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(request.headers.cookie ?? "") ?? [];
    if (!this.#isToken(held))
      return { status: 403, type: "html", body: "Open the address that omero2frame has printed." };
    return this.#route(url, signal);
  }

  #isToken(text: string): boolean {
    return text.length === this.token.length && timingSafeEqual(Buffer.from(text), Buffer.from(this.token));
  }

  async #route({ pathname, searchParams }: URL, signal: AbortSignal): Promise<Answer> {
    if (pathname === "/") return asset("page.html");
    if (pathname === "/page.js" || pathname === "/page.css") return asset(pathname.slice(1));
    if (pathname === "/api/table") return this.#about();
    if (pathname === "/api/count") return json({ rowCount: await this.#view.count(choiceOf(searchParams), signal) });
    if (pathname === "/api/rows") return this.#rows(searchParams, signal);
    if (pathname === "/api/describe") return this.#describe(searchParams, signal);
    if (pathname === "/api/plot") return this.#plot(searchParams, signal);
    if (pathname.startsWith("/api/thumbnail/")) return this.#thumbnail(pathname.slice("/api/thumbnail/".length));
    return { status: 404, type: "json", body: "{}" };
  }

  #about(): Answer {
    const { table, title, thumbnail } = this.#options;
    return json({ title, rowCount: table.rowCount, columns: table.fields, hasThumbnails: thumbnail !== undefined });
  }

  async #rows(parameters: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    const [start, stop] = [Number(parameters.get("start")), Number(parameters.get("stop"))];
    const columns = (parameters.get("columns") ?? "").split(",").map(Number);
    const known = columns.filter((column) => this.#options.table.fields[column] !== undefined);
    const { batch, numbers } = await this.#view.rows(choiceOf(parameters), start, stop, known, signal);
    return json({ numbers: Array.from(numbers), columns: batch.columns.map(shownCells) });
  }

  async #describe(parameters: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    const { query } = choiceOf(parameters);
    const columnNames = [parameters.get("column") ?? ""];
    const selection = { table: this.#options.table, columnNames, signal, ...(query === "" ? {} : { query }) };
    return json((await describeBatches(readBatches(selection))).columns[0]);
  }

  async #plot(parameters: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    const { query } = choiceOf(parameters);
    const of = (name: string) => parameters.get(name) || undefined;
    const look = {
      kind: (of("kind") ?? "histogram") as PlotTableOptions["kind"],
      x: of("x"),
      y: of("y"),
      by: of("by"),
    };
    const plot = await drawTable({
      table: this.#options.table,
      connection: this.#options.connection,
      signal,
      ...look,
      width: 480,
      height: 300,
      ...(query === "" ? {} : { query }),
    });
    return { type: "svg", body: plot.toSVG() };
  }

  async #thumbnail(id: string): Promise<Answer> {
    const picture = /^\d+$/.test(id) ? await this.#options.thumbnail?.(BigInt(id)) : undefined;
    return picture === undefined ? { status: 404, type: "json", body: "{}" } : { type: "jpeg", body: picture };
  }
}

function choiceOf(parameters: URLSearchParams): ViewChoice {
  const of = (name: string) => parameters.get(name) ?? "";
  return { query: of("query"), sort: of("sort"), descending: of("descending") === "true" };
}

function json(value: unknown): Answer {
  return { type: "json", body: JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part)) };
}

/** A file of the page. */
async function asset(name: string): Promise<Answer> {
  const root = dirname(createRequire(import.meta.url).resolve("omero2frame/package.json"));
  return { type: name.slice(name.indexOf(".") + 1), body: await readFile(join(root, "dist", "page", name)) };
}

function failure(error: unknown): Answer {
  const isTold = error instanceof OmeroError;
  const message = isTold ? error.message : "something went wrong here";
  return { status: isTold ? 400 : 500, type: "json", body: JSON.stringify({ error: message }) };
}
