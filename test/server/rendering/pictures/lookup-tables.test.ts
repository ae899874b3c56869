import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { IScript, RawFileStore } from "../../../../src/connect/ice/schema/omero.js";
import { startServer } from "../../../../src/server/index.js";
import { LookupTables, parseLookupTable } from "../../../../src/server/rendering/pictures/lookup-tables.js";
import { lookupTableBytes, standardTables } from "../../../../src/server/rendering/pictures/standard-tables.js";
import { TestClient } from "../../client.js";

describe("standard tables", () => {
  it("have 256 colours each, between black and white where they grow", () => {
    const tables = standardTables();
    for (const [name, table] of tables) {
      expect(name).toMatch(/^[\w .-]+\.lut$/);
      expect(parseLookupTable(lookupTableBytes(table))).toEqual(table);
    }
    const colour = (name: string, level: number) => {
      const { red, green, blue } = tables.get(name)!;
      return [red[level], green[level], blue[level]];
    };
    expect([0, 85, 170, 255].map((level) => colour("fire.lut", level))).toEqual([
      [0, 0, 0],
      [255, 0, 0],
      [255, 255, 0],
      [255, 255, 255],
    ]);
    expect(colour("ice.lut", 85)).toEqual([0, 0, 255]);
    expect(colour("spectrum.lut", 0)).toEqual([255, 0, 0]);
    expect(colour("grays_inverted.lut", 255)).toEqual([0, 0, 0]);
  });
});

describe("parseLookupTable", () => {
  const table = standardTables().get("fire.lut")!;
  const lines = Array.from({ length: 256 }, (_, level) => [
    level,
    table.red[level],
    table.green[level],
    table.blue[level],
  ]);
  const read = (text: string) => parseLookupTable(Buffer.from(text));

  it("reads bytes, with a header and without, and lines of text", () => {
    expect(parseLookupTable(lookupTableBytes(table))).toEqual(table);
    expect(parseLookupTable(Buffer.concat([new Uint8Array(32), lookupTableBytes(table)]))).toEqual(table);
    expect(read(`Index\tRed\tGreen\tBlue\n${lines.map((line) => line.join("\t")).join("\n")}\n`)).toEqual(table);
    expect(read(lines.map((line) => line.slice(1).join("  ")).join("\r\n"))).toEqual(table);
  });

  it("takes nothing else for a table", () => {
    expect(parseLookupTable(new Uint8Array(767))).toBeUndefined();
    expect(read(lines.slice(1).join("\n"))).toBeUndefined();
    expect(
      read(
        lines
          .map((line) => line.slice(1).join(" "))
          .join("\n")
          .replace("255", "256"),
      ),
    ).toBeUndefined();
  });
});

describe("LookupTables", () => {
  it("prefers a file of the folder's, and takes no name for a path", async () => {
    const folder = await mkdtemp(join(tmpdir(), "luts-"));
    const tables = new LookupTables(folder);
    tables.offer(standardTables());
    const [fire, ice] = ["fire.lut", "ice.lut"].map((name) => standardTables().get(name)!);
    await writeFile(join(folder, "fire.lut"), lookupTableBytes(ice!));
    expect(await tables.find("fire.lut")).toEqual(ice);
    expect(await tables.find("ice.lut")).toEqual(ice);
    expect(await tables.find("../fire.lut")).toBeUndefined();
    expect(await tables.find("none.lut")).toBeUndefined();
    expect(fire).not.toEqual(ice);
    await rm(folder, { recursive: true });
  });
});

describe("a server with lookup tables", () => {
  it("lists them once, and gives their bytes", async () => {
    const directory = await mkdtemp(join(tmpdir(), "luts-server-"));
    for (let start = 0; start < 2; start++) {
      await using server = await startServer({ directory, lookupTables: true });
      await using client = await TestClient.logIn(server);
      const scripts: IScript = client.ice.service((await client.factory.getScriptService())!, "::omero::api::IScript");
      const listed = await scripts.getScriptsByMimetype("text/x-lut");
      const names = listed.map((file) => file!.name!.val);
      expect(names.sort()).toEqual([...standardTables().keys()].sort());
      const fire = listed.find((file) => file!.name!.val === "fire.lut")!;
      const proxy = (await client.factory.createRawFileStore())!;
      const store: RawFileStore = client.ice.service(proxy, "::omero::api::RawFileStore");
      await store.setFileId(fire.id!.val);
      const bytes = await store.read(0n, 768);
      expect(parseLookupTable(bytes)).toEqual(standardTables().get("fire.lut"));
    }
    await rm(directory, { recursive: true });
  });
});
