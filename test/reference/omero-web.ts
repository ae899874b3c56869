/** OMERO.web in front of a server, as `serve --web` starts it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningOmeroWeb, startOmeroWeb } from "../../src/server/web/omero-web.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const environment = join(process.env.OMERO2FRAME_REFERENCE ?? join(root, ".reference"), "web");

/** Python of the environment of OMERO.web. */
export const webPython = join(environment, "bin", "python");

export class OmeroWeb implements AsyncDisposable {
  readonly url: string;
  readonly #running: RunningOmeroWeb;

  constructor(running: RunningOmeroWeb) {
    this.url = running.url;
    this.#running = running;
  }

  static async start(tlsPort: number): Promise<OmeroWeb> {
    if (!existsSync(webPython)) throw new Error("no environment of OMERO.web: run test/reference/setup-web.sh first");
    return new OmeroWeb(await startOmeroWeb({ host: "127.0.0.1", tlsPort, python: webPython }));
  }

  /** Logs in by the page, and gives its cookies; undefined if the page refuses. */
  async logIn(username: string, password: string): Promise<string | undefined> {
    const page = await fetch(`${this.url}/webclient/login/`);
    const token = cookiesOf(page).get("csrftoken")!;
    const answer = await fetch(`${this.url}/webclient/login/`, {
      method: "POST",
      redirect: "manual",
      headers: { Cookie: `csrftoken=${token}`, "X-CSRFToken": token, Referer: this.url },
      body: new URLSearchParams({ username, password, server: "1", csrfmiddlewaretoken: token }),
    });
    if (answer.status !== 302) return undefined;
    return [...cookiesOf(answer)].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async get(path: string, cookies: string): Promise<Response> {
    return fetch(this.url + path, { headers: { Cookie: cookies }, redirect: "manual" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
  }
}

function cookiesOf(answer: Response): Map<string, string> {
  const pairs = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!.split("="));
  return new Map(pairs.map(([name, value]) => [name!, value!]));
}
