/** `omero2frame serve --web`: OMERO.web in front of the server, from start to stop. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { OmeroWeb, webPython } from "./omero-web.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let child: ChildProcess | undefined;
afterEach(stop);

async function stop(): Promise<number | null> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return null;
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  return code;
}

/** Runs `omero2frame serve`; gives the first line it prints. */
async function serve(...options: string[]): Promise<string> {
  child = spawn(process.execPath, [MAIN, "serve", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout! }), "line");
  return line;
}

it("starts OMERO.web, says where it is, and stops it", async () => {
  const { omeroWeb } = JSON.parse(await serve("--web", "--web-python", webPython, "--json"));
  const never = new Promise<void>(() => {});
  const web = new OmeroWeb({ url: omeroWeb, ended: never, [Symbol.asyncDispose]: async () => {} });
  const cookies = await web.logIn("user", "pass");
  expect(cookies).toBeDefined();
  const page = await web.get("/webclient/api/containers/?id=-1", cookies!);
  expect(page.status).toBe(200);
  expect(await page.json()).toHaveProperty("projects");
  expect(await stop()).toBe(0);
  await expect(fetch(`${omeroWeb}/webclient/login/`)).rejects.toThrow();
});

it("does not leave OMERO.web behind where it is killed", async () => {
  const { omeroWeb } = JSON.parse(await serve("--web", "--web-python", webPython, "--json"));
  child!.kill("SIGKILL");
  await once(child!, "exit");
  const isThere = () => fetch(`${omeroWeb}/webclient/login/`).then(Boolean, () => false);
  await expect.poll(isThere, { timeout: 20_000 }).toBe(false);
});

it("prints its address for people", async () => {
  const line = await serve("--web", "--web-python", webPython);
  expect(line).toMatch(/^serving on 127\.0\.0\.1: .*OMERO\.web http:\/\/127\.0\.0\.1:\d+\/webclient\/$/);
});
