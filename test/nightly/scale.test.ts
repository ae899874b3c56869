/**
 * A table of 10,000,000 rows (SCALE_ROWS) on omero-py's own servants, counted, filtered and added up by engines in parts: what PyTables finds, how fast
 * beside one process, and how much of a processor the servant takes meanwhile.
 */
import { execFile } from "node:child_process";
import { createServer, connect as dial } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { serveFlight } from "../../src/flight/index.js";
import { readBatches } from "../../src/read/index.js";
import { uploadTable } from "../../src/write/index.js";
import { type Answers, cells, engineAnswers, processorSeconds, pytablesAnswers } from "../reference/engines.js";
import { PythonSession } from "../reference/python-session.js";
import { ReferenceServer, referenceEnvironment } from "../reference/reference-server.js";

const ROWS = Number(process.env.SCALE_ROWS ?? 10_000_000);
const PARTS = 16;
const PYTHON = join(referenceEnvironment("scale"), "bin", "python");
const run = promisify(execFile);

let server: ReferenceServer;
let connection: OmeroConnection;
let fileId: number;
let expected: Answers;

beforeAll(async () => {
  server = await ReferenceServer.start();
  const login = { server: `tcp://127.0.0.1:${server.port}`, username: "user", password: "pass" };
  connection = await connectToOmero({ ...login, interactive: false, allowToken: false });
  ({ fileId } = await uploadTable(cells(ROWS), "cells", { connection, parentId: 1 }));
  await using session = await PythonSession.start("import tables, numpy");
  expected = await pytablesAnswers(session, join(server.directory, String(fileId)));
  expect(expected.rows).toBe(ROWS);
}, 1_800_000);
afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

/** Says how fast something was, and what it had the servant do. */
async function told<T>(what: string, work: () => Promise<T>, passes = 1): Promise<T> {
  const [start, cpu] = [performance.now(), await processorSeconds(server.processId)];
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const share = ((await processorSeconds(server.processId)) - cpu) / seconds;
  const rate = Math.round((ROWS * passes) / seconds);
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${rate.toLocaleString("en")} rows/s, servant ${Math.round(100 * share)} %`,
  );
  return result;
}

it("one process reads all rows", async () => {
  const rows = await told("one process, service", async () => {
    let rows = 0;
    for await (const batch of readBatches({ connection, fileId, route: "service" })) rows += batch.rowCount;
    return rows;
  });
  expect(rows).toBe(ROWS);
});

const ENGINES = [
  ["dask", "flight"],
  ["spark", "flight"],
  ["dask", "scan"],
  ["spark", "scan"],
] as const;

it.each(ENGINES)("%s by %s finds what PyTables does", async (engine, way) => {
  await using flight = await serveFlight({ server: `tcp://127.0.0.1:${server.port}` });
  const environment = placeOf(`tcp://127.0.0.1:${server.port}`, flight.url);
  // Spark reads for each of two answers, Dask once for all.
  const passes = engine === "spark" ? 2 : 1;
  const work = () => engineAnswers({ python: PYTHON, environment }, engine, way, fileId, PARTS);
  const { seconds: _, ...answers } = await told(`${engine} by ${way}, ${PARTS} parts`, work, passes);
  expect(answers).toEqual(expected);
});

it.each(["flight", "scan"] as const)(
  "two hosts, in network namespaces of their own, find what PyTables does by %s",
  async (way) => {
    await using hosts = await twoHosts();
    await using flight = await serveFlight({
      server: `tcp://127.0.0.1:${server.port}`,
      host: hosts.gateway[0],
      allowPlaintext: true,
    });
    await using forwarded = await forward(hosts.gateway[1]!, server.port);
    const work = () =>
      Promise.all(
        hosts.names.map((name) => {
          const environment = placeOf(`tcp://${hosts.gateway[1]}:${forwarded.port}`, flight.url);
          return engineAnswers(
            { python: PYTHON, environment, before: ["ip", "netns", "exec", name] },
            "dask",
            way,
            fileId,
            PARTS,
          );
        }),
      );
    for (const { seconds: _, ...answers } of await told(`two hosts, dask by ${way}, each all rows`, work, 2)) {
      expect(answers).toEqual(expected);
    }
  },
);

function placeOf(address: string, flight: string): Record<string, string> {
  return { OMERO_HOST: address, OMERO_SESSION: connection.session.uuid, OMERO_FLIGHT: flight };
}

/** Two namespaces with an interface each, which see this machine at one address of theirs and nothing else. */
async function twoHosts() {
  const names = ["o2f-host-a", "o2f-host-b"];
  const bridge = "o2f-bridge";
  const ip = (...words: string[]) => run("ip", words);
  const remove = async () => {
    for (const name of names) await ip("netns", "del", name).catch(() => {});
    await ip("link", "del", bridge).catch(() => {});
  };
  await remove();
  const gateway = ["10.231.7.1", "10.231.7.2"];
  await ip("link", "add", bridge, "type", "bridge");
  for (const address of gateway) await ip("addr", "add", `${address}/24`, "dev", bridge);
  await ip("link", "set", bridge, "up");
  for (const [index, name] of names.entries()) {
    await ip("netns", "add", name);
    await ip("link", "add", `o2f-v${index}`, "type", "veth", "peer", "name", "eth0", "netns", name);
    await ip("link", "set", `o2f-v${index}`, "master", bridge, "up");
    await ip("-n", name, "addr", "add", `10.231.7.${10 + index}/24`, "dev", "eth0");
    await ip("-n", name, "link", "set", "eth0", "up");
    await ip("-n", name, "link", "set", "lo", "up");
  }
  return { names, gateway, [Symbol.asyncDispose]: remove };
}

/** The reference server listens for its own machine alone. */
async function forward(host: string, to: number) {
  const forwarding = createServer((socket) => {
    const other = dial(to, "127.0.0.1");
    socket.on("error", () => other.destroy());
    other.on("error", () => socket.destroy());
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((listening) => forwarding.listen(0, host, listening));
  const close = async () => void forwarding.close();
  return { port: (forwarding.address() as { port: number }).port, [Symbol.asyncDispose]: close };
}
