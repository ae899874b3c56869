/** The command line, as a person runs it, against the embedded server. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSecretToken } from "../../src/formats/tiledb/index.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
let server: OmeroServer;
let folder: string;

beforeAll(async () => {
  if (!existsSync(main)) throw new Error("nothing is built: run npm run build first");
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  server = await startServer({ web: { arrays: folder } });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  output: string;
  errors: string;
}

function omero2frame(args: string[], password = "pass"): Promise<Outcome> {
  return run([...args, "--server", `${server.host}:${server.tlsPort}`, "--user", "user"], password);
}

function run(args: string[], password = "pass"): Promise<Outcome> {
  const env = { PATH: process.env.PATH, HOME: folder, OMERO_USERDIR: folder, OMERO_PASSWORD: password };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, output, errors) => {
      resolve({ code: (error?.code as number | undefined) ?? 0, output, errors });
    });
  });
}

describe("the command line", () => {
  it("uploads, describes, shows, downloads and deletes a table", async () => {
    const csv = join(folder, "cells.csv");
    await writeFile(csv, "image,area,name\n1,2.5,a\n2,,ä\n3,4,\n");
    const uploaded = await omero2frame(["upload", csv, "Cells", "--link", "Image:1", "Dataset:2"]);
    expect(uploaded).toMatchObject({ code: 0, errors: "" });
    const [, annotation, file] = /3 rows as annotation (\d+), file (\d+)/.exec(uploaded.output)!;

    const columns = await omero2frame(["columns", "--file-id", file!]);
    expect(columns.output).toBe("image\tImage\t1\narea\tDouble\t1\nname\tString\t2\n3 rows, 3 columns\n");

    const head = await omero2frame(["head", "--annotation-id", annotation!, "--columns", "name", "--count", "2"]);
    expect(head.output).toContain("ä");
    expect(head.output).not.toContain("area");

    const target = join(folder, "out.csv");
    const downloaded = await omero2frame(["download", target, "--file-id", file!, "--query", "area > 3"]);
    expect(downloaded.output).toBe(`1 row in ${target}\n`);
    expect(readFileSync(target, "utf8")).toBe(",image,area,name\n2,3,4.0,\n");

    expect(await omero2frame(["delete", "--file-id", file!])).toMatchObject({
      code: 1,
      errors: "omero2frame: nothing was removed: give --yes to remove it\n",
    });
    expect(await omero2frame(["delete", "--file-id", file!, "--yes"])).toMatchObject({ code: 0 });
    expect((await server.contents()).files).toEqual([]);
  });

  it("uploads a remote table", async () => {
    const csv = join(folder, "remote.csv");
    await writeFile(csv, "image,area\n1,2.5\n2,4\n");
    const arrays = join(folder, "arrays");
    await mkdir(arrays);
    const web = ["--web-server", server.web!.url];
    const uploaded = await omero2frame(["upload", csv, "Areas", "--link", "Image:1", "--local-path", arrays, ...web]);
    expect(uploaded).toMatchObject({ code: 0, errors: "" });
    const [, annotation] = /^2 rows as annotation (\d+), file \d+\n$/.exec(uploaded.output)!;
    expect(await readdir(arrays)).toEqual(["Areas.tiledb"]);
    const columns = await omero2frame(["columns", "--annotation-id", annotation!]);
    expect(columns.output).toBe("image\tLong\t1\narea\tDouble\t1\n2 rows, 2 columns\n");
  });

  it("shows what an upload would make", async () => {
    const csv = join(folder, "dry.csv");
    await writeFile(csv, "Well;area\nA1;2,5\nB2;3,5\n");
    const dry = await omero2frame(["upload", csv, "Dry", "--link", "Plate:1", "--dry-run"]);
    expect(dry.output).toBe(
      "Well\tWell\t1\narea\tDouble\t1\nWell Name\tString\t2\n2 rows, 3 columns\n" +
        "Well: 2 Well ids found, in 2 rows\nWell\tarea\tWell Name\n1\t2.5\ta1\n4\t3.5\tb2\nNothing was made.\n",
    );
  });

  it("appends the rows of a file to a table", async () => {
    const [csv, more] = [join(folder, "few.csv"), join(folder, "more.csv")];
    await writeFile(csv, "Well;area\nA1;2,5\nB2;3,5\n");
    await writeFile(more, "area;Well\n4,5;A2\n");
    const kept = await omero2frame(["upload", csv, "Few", "--link", "Plate:1", "--no-resolve-names"]);
    const [, file] = /file (\d+)/.exec(kept.output)!;
    const appended = await omero2frame(["append", more, "--file-id", file!, "--decimal", ","]);
    expect(appended).toMatchObject({ code: 0, output: "1 row from row 2 on\n" });
  });

  it("writes an array and registers it, without a word of its token", async () => {
    const csv = join(folder, "registered.csv");
    await writeFile(csv, "a\n1\n2\n");
    const array = join(folder, "registered.tiledb");
    expect(await run(["create-tiledb", csv, array])).toEqual({
      code: 0,
      output: `array ${array}; its secret token is in it\n`,
      errors: "",
    });
    expect((await run(["create-tiledb", csv, array])).errors).toContain("exists already");
    expect(await run(["create-tiledb", csv, array, "--overwrite", "--chunk-size", "1"])).toMatchObject({ code: 0 });
    const web = ["--web-server", server.web!.url];
    const registered = await omero2frame(["register", array, "Registered", "--link", "Dataset:1", ...web]);
    expect(registered).toMatchObject({ code: 0, errors: "" });
    const [, annotation] = /^registered as annotation (\d+)\n$/.exec(registered.output)!;
    expect((await omero2frame(["columns", "--annotation-id", annotation!])).output).toContain("2 rows, 1 column");

    const refused = await omero2frame([
      "register",
      "/elsewhere",
      "X",
      "--link",
      "Image:1",
      "--local-path",
      array,
      ...web,
    ]);
    expect(refused).toMatchObject({ code: 1, output: "" });
    expect(refused.errors).toContain("can read the array at /elsewhere");
    expect(refused.errors).not.toContain(await readSecretToken(array));
    const ca = await omero2frame([
      "register",
      array,
      "X",
      "--link",
      "Image:1",
      ...web,
      "--web-ca",
      join(folder, "none"),
    ]);
    expect(ca.errors).toMatch(/^omero2frame: Cannot read .*none/);
  });

  it("says what is wrong in one line and ends with 1", async () => {
    const missing = await omero2frame(["columns", "--file-id", "4711"]);
    expect(missing.code).toBe(1);
    expect(missing.errors).toMatch(/^omero2frame: .*4711.*\n$/);
    const refused = await omero2frame(["columns", "--file-id", "1"], "hunter2");
    expect(refused.code).toBe(4);
    expect(refused.errors).toMatch(/^omero2frame: /);
    expect(refused.errors).not.toContain("hunter2");
  });

  it("explains wrong usage", async () => {
    const wrong = await omero2frame(["columns", "--file-id", "x"]);
    expect(wrong.code).toBe(2);
    expect(wrong.errors).toMatch(/^omero2frame: .*an id is a whole number.*\(see omero2frame columns --help\)\n$/);
    expect((await omero2frame(["download", "--help"])).output).toContain("--query");
  });

  it("serves a web server where it is wanted", async () => {
    const child = spawn(process.execPath, [main, "serve", "--arrays", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const [, url] = /^serving on .*, web server (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)!;
    expect((await fetch(`${url}/api/v0/token`)).status).toBe(200);
    child.kill("SIGTERM");
    await once(child, "exit");
  });

  it("serves tables until it is interrupted", async () => {
    const child = spawn(process.execPath, [main, "serve"], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    expect(line).toMatch(/^serving on 127\.0\.0\.1: TLS port \d+, plain port \d+$/);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
