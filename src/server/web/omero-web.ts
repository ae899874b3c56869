/** OMERO.web in front of a server: it comes with a Python of its own, which the user has. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ArgumentError } from "../../errors.js";
import { ifPossible, inBackground } from "../../flow/failures.js";

const HOST = "127.0.0.1";
const DEFAULT_PYTHON = "python3";
/** Milliseconds that it has to start, and to stop. */
const START_PATIENCE = 60_000;
const STOP_PATIENCE = 5_000;
/** Characters of what it says that are kept. */
const LAST_WORDS = 2_000;

/**
 * What Python runs: gunicorn, which ends when nothing holds the other end of its standard input any more. So it does not
 * outlive this process, whatever ends that.
 */
const SERVING = [
  "import os, signal, threading",
  "from gunicorn.app.wsgiapp import run",
  "def end(): os.read(0, 1); os.kill(os.getpid(), signal.SIGTERM)",
  "threading.Thread(target=end, daemon=True).start()",
  "run()",
].join("\n");

export interface OmeroWebOptions {
  /** Of the OMERO server. */
  readonly host: string;
  readonly tlsPort: number;
  /** Path of a Python that has omero-web; `python3` unless given. */
  readonly python?: string | undefined;
  /** Any free one unless given. */
  readonly port?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RunningOmeroWeb extends AsyncDisposable {
  /** Where its pages are, for example `http://127.0.0.1:4080`; they can be reached from this machine alone. */
  readonly url: string;
  /** Rejects with an ArgumentError if it ends without having been stopped. */
  readonly ended: Promise<void>;
}

/** @throws ArgumentError `MISSING_PACKAGE` unless that Python has omero-web. */
export async function checkOmeroWeb(python = DEFAULT_PYTHON): Promise<void> {
  try {
    await promisify(execFile)(python, ["-c", "import gunicorn, omero, omeroweb"]);
  } catch (cause) {
    throw new ArgumentError("MISSING_PACKAGE", missing(python), { cause });
  }
}

function missing(python: string): string {
  return [
    `OMERO.web is not among the packages of ${python}. Make an environment that has it, and name its Python:`,
    '  python3 -m venv web && web/bin/pip install zeroc-ice==3.6.5 "omero-web==5.33.*"',
    "  omero2frame serve --web --web-python web/bin/python",
  ].join("\n");
}

/**
 * Starts OMERO.web, and returns when it answers. Its settings and sessions are in a temporary folder.
 * @throws ArgumentError `MISSING_PACKAGE` where it cannot start, with what it said.
 */
export async function startOmeroWeb(options: OmeroWebOptions): Promise<RunningOmeroWeb> {
  const { python = DEFAULT_PYTHON, port = await freePort(), signal } = options;
  const directory = await mkdtemp(join(tmpdir(), "omero2frame-web-"));
  const env = { ...process.env, OMERODIR: directory, DJANGO_SETTINGS_MODULE: "omeroweb.settings" };
  try {
    await mkdir(join(directory, "etc", "grid"), { recursive: true });
    await writeFile(join(directory, "etc", "grid", "config.xml"), configuration(options), { mode: 0o600 });
    const collect = ["-m", "django", "collectstatic", "--noinput"];
    await promisify(execFile)(python, collect, { env, cwd: directory, ...(signal && { signal }) });
    const bind = ["--no-control-socket", "-b", `${HOST}:${port}`, "-w", "1", "--threads", "2"];
    const serving = ["-c", SERVING, ...bind, "omeroweb.wsgi:application"];
    const child = spawn(python, serving, { env, cwd: directory, stdio: ["pipe", "ignore", "pipe"] });
    const web = new WebProcess(`http://${HOST}:${port}`, child, directory);
    try {
      await web.answers(signal);
    } catch (error) {
      await web[Symbol.asyncDispose]();
      throw error;
    }
    return web;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

class WebProcess implements RunningOmeroWeb {
  readonly url: string;
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #directory: string;
  #said = "";
  #isStopping = false;

  constructor(url: string, child: ChildProcess, directory: string) {
    this.url = url;
    this.#child = child;
    this.#directory = directory;
    child.stderr?.on("data", (text) => {
      this.#said = (this.#said + text).slice(-LAST_WORDS);
    });
    this.ended = once(child, "exit").then(() => {
      if (!this.#isStopping) throw new ArgumentError("MISSING_PACKAGE", `OMERO.web has ended. It said:\n${this.#said}`);
    });
    // Who asks later is told as well.
    inBackground(this.ended);
  }

  async answers(signal: AbortSignal | undefined): Promise<void> {
    const deadline = performance.now() + START_PATIENCE;
    while (performance.now() < deadline) {
      const found = await Promise.race([this.ended, ifPossible(fetch(`${this.url}/webclient/login/`))]);
      if (found?.ok) return;
      await sleep(200, undefined, { ...(signal && { signal }) });
    }
    const text = `OMERO.web did not answer in ${START_PATIENCE / 1000} seconds. It said:\n${this.#said}`;
    throw new ArgumentError("MISSING_PACKAGE", text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#child.kill("SIGTERM");
    const impatience = setTimeout(() => this.#child.kill("SIGKILL"), STOP_PATIENCE);
    await ifPossible(this.ended);
    clearTimeout(impatience);
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** What `omero config set` writes. `debug` lets OMERO.web serve its own style sheets. */
function configuration({ host, tlsPort }: OmeroWebOptions): string {
  const properties = {
    "omero.web.server_list": JSON.stringify([[isAnyAddress(host) ? HOST : host, tlsPort, "omero"]]),
    "omero.web.debug": "true",
    "omero.web.check_version": "false",
    "omero.web.secret_key": randomBytes(32).toString("hex"),
  };
  const written = (all: Record<string, string>) =>
    Object.entries({ "omero.config.version": "5.1.0", ...all })
      .map(([name, value]) => `<property name="${name}" value="${value.replaceAll('"', "&quot;")}"/>`)
      .join("");
  const active = `<properties id="__ACTIVE__">${written({ "omero.config.profile": "default" })}</properties>`;
  return `<icegrid>${active}<properties id="default">${written(properties)}</properties></icegrid>`;
}

function isAnyAddress(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
