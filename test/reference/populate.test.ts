/** Names of objects become the ids that `omero metadata populate` makes of them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { uploadTable } from "../../src/write/index.js";
import { makeCertificates } from "../connect/ice/certificates.js";
import { type NameCase, type NamedWorld, nameCases, type PopulatedTable } from "../support/name-cases.js";
import { readPopulated } from "../support/read-populated.js";
import { ReferenceServer, referencePython, runPython } from "./reference-server.js";

let directory: string;
let server: ReferenceServer;
let connection: OmeroConnection;
let world: NamedWorld;
let cases: NameCase[];
let populated: Record<string, PopulatedTable>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "omero2frame-populate-"));
  const { localhost } = makeCertificates();
  const certificate = { cert: join(directory, "cert.pem"), key: join(directory, "key.pem") };
  await writeFile(certificate.cert, localhost.cert);
  await writeFile(certificate.key, localhost.key);
  server = await ReferenceServer.start({ certificate });
  world = JSON.parse(await run("named_objects", "")) as NamedWorld;
  cases = nameCases(world);
  populated = JSON.parse(await run("populate", JSON.stringify(cases))) as typeof populated;
  connection = await connectToOmero({
    server: `tcp://127.0.0.1:${server.port}`,
    username: "user",
    password: "pass",
    interactive: false,
  });
}, 300_000);
afterAll(async () => {
  await connection?.close();
  await server?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Runs a script of the clients with omero-metadata installed. */
function run(script: string, input: string): Promise<string> {
  const path = fileURLToPath(new URL(`clients/${script}.py`, import.meta.url));
  const python = join(referencePython(), "..", "..", "populate", "bin", "python");
  return runPython(path, ["127.0.0.1", String(server.sslPort), "user", "pass"], input, python);
}

describe("the columns and values that `omero metadata populate` stores", () => {
  test("are stored", async () => {
    const different: unknown[] = [];
    for (const { name, target, text } of cases) {
      const [parentType, parentId] = target;
      const path = join(directory, "table.csv");
      await writeFile(path, text);
      const options = { connection, parentType, parentId, onWarning: () => {} };
      const { fileId } = await uploadTable(path, name, options);
      const stored = await readPopulated(connection, fileId);
      try {
        expect(stored).toEqual(populated[name]);
      } catch {
        different.push([name, stored, populated[name]]);
      }
    }
    expect(different).toEqual([]);
    expect(Object.keys(populated)).toHaveLength(25);
  }, 120_000);
});
