/** ezomero's own tests against the embedded server, with OMERO.web in front of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { startServer } from "../../src/server/index.js";
import { OmeroWeb } from "./omero-web.js";
import { referenceEnvironment } from "./reference-server.js";

/** They import files by Bio-Formats, a Java program that ezomero would fetch from OMERO's downloads. */
const IMPORTING = [
  "test_ezimport.py::test_ezimport",
  "test_gets.py::test_get_image",
  "test_gets.py::test_get_image_ids",
  "test_gets.py::test_get_original_filepaths_and_series_index",
  "test_gets.py::test_get_pyramid_levels",
  "test_json_api.py::test_get_rendered_jpegs",
];
/** Milliseconds that all of them have. */
const PATIENCE = 400_000;
const ROOT = { name: "root", password: "omero" };

it("passes all of ezomero's tests but those of imports", { timeout: PATIENCE }, async () => {
  await using server = await startServer({ users: [ROOT], objects: [] });
  await using web = await OmeroWeb.start(server.tlsPort);
  const report = await runTests({
    user: ROOT.name,
    pass: ROOT.password,
    host: "127.0.0.1",
    port: String(server.tlsPort),
    "web-host": web.url,
  });
  const passed = report.match(/^PASSED tests\/\S+/gm) ?? [];
  const others = report.match(/^(FAILED|ERROR|SKIPPED|XFAIL|XPASS) .*/gm) ?? [];
  expect(
    others.filter((line) => line.includes("tests/")),
    report,
  ).toEqual([]);
  expect(passed, report).toHaveLength(56);
});

/** Runs them with these settings. */
async function runTests(settings: Readonly<Record<string, string>>): Promise<string> {
  const given = Object.entries(settings).flatMap(([name, value]) => [`--omero-${name}`, value]);
  const listed = await pytest("tests", "-q", "--collect-only");
  const chosen = listed
    .match(/^tests\/\S+::\S+$/gm)!
    .filter((name) => !IMPORTING.includes(name.slice("tests/".length)));
  return pytest(...chosen, "-rA", "-q", "--tb=short", ...given);
}

/** With a home of its own: the tests write a file of settings there. */
async function pytest(...args: string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "omero2frame-ezomero-"));
  const env = { ...process.env, HOME: home, PYTHONWARNINGS: "ignore", PYTHONDONTWRITEBYTECODE: "1" };
  const cwd = referenceEnvironment("ezomero");
  try {
    const child = spawn("bin/python", ["-m", "pytest", "-p", "no:cacheprovider", ...args], { cwd, env });
    const [report] = await Promise.all([text(child.stdout), once(child, "close")]);
    return report;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
