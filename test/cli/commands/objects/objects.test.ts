/** The commands for objects and their annotations against the embedded server. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { link, ServedWorld } from "../../../gateway/served-world.js";

const main = fileURLToPath(new URL("../../../../dist/cli/main.js", import.meta.url));
let world: ServedWorld;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "objects-cli-"));
  world = await ServedWorld.start([
    { type: "Project", id: 1, name: "project" },
    { type: "Dataset", id: 1, name: "data\nset" },
    { type: "Image", id: 1, name: "ü" },
    { type: "Image", id: 2, name: "two" },
    { type: "Screen", id: 1, name: "screen", group: "other" },
    link(["Project", 1], ["Dataset", 1]),
    link(["Dataset", 1], ["Image", 1]),
    link(["Dataset", 1], ["Image", 2]),
  ]);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function omero2frame(...words: string[]): Promise<{ code: number; text: string; errors: string }> {
  const env = { PATH: process.env.PATH, HOME: folder, OMERO_USERDIR: folder, OMERO_PASSWORD: "ann-pass" };
  const login = ["--server", `tcp://127.0.0.1:${world.server.port}`, "--user", "ann"];
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words, ...login], { env, cwd: folder }, (error, text, errors) => {
      resolve({ code: Number(error?.code ?? 0), text, errors });
    });
  });
}

it("ls lists projects and screens of all groups, and what is in them", async () => {
  expect((await omero2frame("ls")).text).toBe("Project:1\tproject\tann\nScreen:1\tscreen\tann\n");
  expect((await omero2frame("ls", "--group", "lab")).text).toBe("Project:1\tproject\tann\n");
  expect((await omero2frame("ls", "project:1", "--depth", "2")).text).toBe(
    "Dataset:1\tdata\\nset\tann\n  Image:2\ttwo\tann\n  Image:1\tü\tann\n",
  );
  const lines = (await omero2frame("ls", "Dataset:1", "--json")).text.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { type: "Image", id: 2, name: "two", level: 0 },
    { type: "Image", id: 1, name: "ü" },
  ]);
});

it("tag and annotate write, info tells", async () => {
  const tagged = await omero2frame("tag", "best", "Image:1", "Image:2", "--json");
  expect([tagged.errors, JSON.parse(tagged.text)]).toMatchObject([
    "",
    { value: "best", objects: ["Image:1", "Image:2"] },
  ]);
  const pairs = ["--key", "stain=DAPI", "--key", "dose=1=2", "--namespace", "own"];
  expect((await omero2frame("annotate", "Image:1", ...pairs)).text).toMatch(/^MapAnnotation \d+ on Image:1\n$/);
  await writeFile(join(folder, "notes.txt"), "notes");
  expect((await omero2frame("annotate", "Image:1", "--file", "notes.txt")).text).toMatch(/^FileAnnotation/);
  const told = JSON.parse((await omero2frame("info", "Image:1", "--json")).text);
  expect(told).toMatchObject({ type: "Image", id: 1, name: "ü", parents: [{ type: "Dataset", id: 1 }] });
  expect(told.annotations.map(({ value }: { value: unknown }) => value)).toEqual([
    "best",
    [
      ["stain", "DAPI"],
      ["dose", "1=2"],
    ],
    "notes.txt",
  ]);
  const { text } = await omero2frame("info", "Image:1");
  expect(text).toContain("Image:1\tü\n");
  expect(text).toContain("  in\tDataset:1 data\\nset\n");
  expect(text).toMatch(/ {2}map \d+\t\[\["stain","DAPI"\],\["dose","1=2"\]\]\town\n/);
  expect((await omero2frame("tag", "best", "Image:1", "--remove")).text).toBe("taken off 1 object\n");
  expect(await (await world.connection.getObject("Image", 1)).tags()).toEqual([]);
  expect(await (await world.connection.getObject("Image", 2)).tags()).toEqual(["best"]);
});

it("say what is wrong", async () => {
  expect(await omero2frame("ls", "Pixels:1")).toMatchObject({
    code: 2,
    errors: expect.stringContaining("for example Image:5"),
  });
  expect(await omero2frame("info", "Image:99")).toMatchObject({
    code: 1,
    errors: expect.stringContaining("There is no Image 99"),
  });
  expect(await omero2frame("annotate", "Image:1")).toMatchObject({
    code: 2,
    errors: expect.stringContaining("none was given"),
  });
  expect((await omero2frame("annotate", "Image:1", "--key", "x")).errors).toContain("stain=DAPI");
});
