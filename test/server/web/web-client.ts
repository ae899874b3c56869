/** A plain client of the server's web address, which can leave out or change every part of a registration. */
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { WebAddress } from "../../../src/server/index.js";

export interface WebAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** Of a JSON answer. */
  readonly data: unknown;
  readonly message: string | undefined;
}

export interface WebRequest {
  readonly method?: string;
  /** Undefined ones are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array | undefined;
}

export class WebClient {
  readonly #web: WebAddress;
  readonly #ca: string | undefined;

  constructor(web: WebAddress, ca?: string) {
    this.#web = web;
    this.#ca = ca;
  }

  /** @param path below the prefix */
  send(path: string, { method = "GET", headers = {}, body }: WebRequest = {}): Promise<WebAnswer> {
    const { url, prefix } = this.#web;
    const send = url.startsWith("https:") ? secureRequest : plainRequest;
    const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return new Promise((resolve, reject) => {
      const options = { method, headers: Object.fromEntries(given), agent: false, ...(this.#ca && { ca: this.#ca }) };
      const outgoing = send(url + prefix + path, options, async (answer) => {
        let text = "";
        for await (const piece of answer.setEncoding("utf8")) text += piece;
        const json = answer.headers["content-type"] === "application/json" ? JSON.parse(text || "{}") : {};
        resolve({ status: answer.statusCode!, headers: answer.headers, text, data: json.data, message: json.message });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Headers that a request with a fresh CSRF token needs. */
  async csrfHeaders(): Promise<Record<string, string>> {
    const { data, headers } = await this.send("/api/v0/token/");
    const cookie = headers["set-cookie"]![0]!.split(";")[0]!;
    return { "X-CSRFToken": data as string, Cookie: cookie, Referer: this.#web.url };
  }

  /** Registers an array, with a body and headers as omero2pandas sends them where no others are given. */
  async register(
    session: string,
    token: string,
    body: object,
    { headers = {}, ...changes }: WebRequest = {},
  ): Promise<WebAnswer> {
    return this.send(`/omero_plus/api/v0/table?bsession=${encodeURIComponent(session)}`, {
      method: "POST",
      body: JSON.stringify(body),
      ...changes,
      headers: {
        ...(await this.csrfHeaders()),
        "Content-Type": "application/json",
        "X-SecretToken": token,
        ...headers,
      },
    });
  }
}
