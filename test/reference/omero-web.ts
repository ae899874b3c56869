/** OMERO.web in front of a server, with no settings but where that is. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const environment = join(process.env.OMERO2FRAME_REFERENCE ?? join(root, ".reference"), "web");
/** Milliseconds that it has to start. */
const PATIENCE = 60_000;

export class OmeroWeb implements AsyncDisposable {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #directory: string;

  private constructor(url: string, process: ChildProcess, directory: string) {
    this.url = url;
    this.#process = process;
    this.#directory = directory;
  }

  static async start(tlsPort: number): Promise<OmeroWeb> {
    const bin = join(environment, "bin");
    if (!existsSync(bin)) throw new Error("no environment of OMERO.web: run test/reference/setup-web.sh first");
    const directory = await mkdtemp(join(tmpdir(), "omero2frame-web-"));
    await mkdir(join(directory, "etc", "grid"), { recursive: true });
    await writeFile(join(directory, "etc", "grid", "config.xml"), configOf(tlsPort));
    const env = { ...process.env, OMERODIR: directory, DJANGO_SETTINGS_MODULE: "omeroweb.settings" };
    const collect = ["-m", "django", "collectstatic", "--noinput"];
    await promisify(execFile)(join(bin, "python"), collect, { env, cwd: directory });
    const port = await freePort();
    const options = ["--no-control-socket", "-b", `127.0.0.1:${port}`, "-w", "1", "--threads", "2"];
    const child = spawn(join(bin, "gunicorn"), [...options, "omeroweb.wsgi:application"], { env, cwd: directory });
    const web = new OmeroWeb(`http://127.0.0.1:${port}`, child, directory);
    await web.#answers();
    return web;
  }

  async #answers(): Promise<void> {
    for (const deadline = performance.now() + PATIENCE; performance.now() < deadline; await sleep(200)) {
      const page = await fetch(`${this.url}/webclient/login/`).catch(() => undefined);
      if (page?.ok) return;
    }
    throw new Error("OMERO.web does not answer");
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
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    if (this.#process.exitCode === null) await exited;
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function cookiesOf(answer: Response): Map<string, string> {
  const pairs = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!.split("="));
  return new Map(pairs.map(([name, value]) => [name!, value!]));
}

function configOf(tlsPort: number): string {
  const properties = {
    "omero.web.server_list": JSON.stringify([["127.0.0.1", tlsPort, "omero"]]),
    "omero.web.debug": "true",
    "omero.web.check_version": "false",
    "omero.web.secret_key": "x",
  };
  const written = (all: Record<string, string>) =>
    Object.entries({ "omero.config.version": "5.1.0", ...all })
      .map(([name, value]) => `<property name="${name}" value="${value.replaceAll('"', "&quot;")}"/>`)
      .join("");
  const active = `<properties id="__ACTIVE__">${written({ "omero.config.profile": "default" })}</properties>`;
  return `<icegrid>${active}<properties id="default">${written(properties)}</properties></icegrid>`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
