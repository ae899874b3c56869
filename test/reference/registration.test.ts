/**
 * Remote tables of omero2pandas on the embedded server: arrays that it writes and registers by itself, unchanged and over
 * https, are read by both; and arrays of either side are registered by the other.
 */
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect as connectSocket, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { readBatches } from "../../src/read/index.js";
import { type LogEntry, type OmeroServer, startServer } from "../../src/server/index.js";
import { createTileDB, registerTable } from "../../src/write/index.js";
import { makeCertificates } from "../connect/ice/certificates.js";
import { type Cell, joinCells } from "../support/cells.js";
import { restoreCells } from "../support/stated-cells.js";
import { type Frame, PythonSession } from "./python-session.js";

/**
 * omero2pandas knows no port but 443: a proxy, which the environment names, leads what is for there to the web server's
 * port. TLS goes through it as it is.
 */
class PortProxy {
  port = 0;
  target = 0;
  readonly asked: string[] = [];
  readonly #http: Server = createServer();
  readonly #sockets = new Set<Socket>();

  async listen(): Promise<void> {
    this.#http.on("connect", ({ url }, socket: Socket) => {
      this.asked.push(url!);
      const server = connectSocket(this.target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(server).pipe(socket);
      });
      for (const end of [socket, server]) {
        this.#sockets.add(end);
        end.on("error", () => {});
      }
    });
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
    this.port = (this.#http.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#http.close();
  }
}

const certificate = makeCertificates().selfSigned;
const proxy = new PortProxy();
const log: LogEntry[] = [];
let folder: string;
/** Another name of the same folder, as if it were the path on another machine. */
let alias: string;
let prefixed: OmeroServer;
let server: OmeroServer;
let connection: OmeroConnection;
let python: PythonSession;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "registration-")));
  alias = `${folder}-alias`;
  await symlink(folder, alias);
  const common = { tls: certificate, log: (entry: LogEntry) => log.push(entry) };
  server = await startServer({ ...common, web: { arrays: [folder] } });
  prefixed = await startServer({ ...common, web: { arrays: folder, prefix: "/custom_omero" } });
  await proxy.listen();
  const trusted = join(folder, "certificate.pem");
  await writeFile(trusted, certificate.cert);
  const through = `http://127.0.0.1:${proxy.port}`;
  python = await PythonSession.start(
    `
      import numpy as np, os, pandas as pd, omero2pandas, requests
      from omero2pandas.remote import create_tiledb, register_table

      def connector_of(port):
          return omero2pandas.connect_to_omero(client=log_in(port), interactive=False)

      def frame_of(count):
          return pd.DataFrame({
              "n": np.arange(count) * 2 ** 40 - 7,
              "mean area": np.where(np.arange(count) % 5 == 0, np.nan, np.arange(count) / 8),
              "label": [["Zelle ä", "", "stroma"][i % 3] for i in range(count)],
              "good": np.arange(count) % 2 == 0,
              "image": np.arange(count) % 20 + 1,
          })
    `,
    { HTTPS_PROXY: through, https_proxy: through, NO_PROXY: "", no_proxy: "", REQUESTS_CA_BUNDLE: trusted },
  );
  await python.run("connector, prefixed = connector_of(port), connector_of(prefixed_port)", {
    port: server.port,
    prefixed_port: prefixed.port,
  });
  connection = await connectToOmero({
    server: `tcp://127.0.0.1:${server.port}`,
    username: "user",
    password: "pass",
    interactive: false,
  });
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await connection?.close();
  proxy.close();
  await server?.close();
  await prefixed?.close();
  await rm(alias, { force: true });
  await rm(folder, { recursive: true });
});

interface Rows {
  readonly rows: readonly number[];
  readonly cells: readonly (readonly Cell[])[];
}

async function ours(options: Parameters<typeof readBatches>[0]): Promise<Rows> {
  const batches = [];
  for await (const batch of readBatches(options)) batches.push(batch);
  return joinCells(batches);
}

const theirs = (frame: Frame): Rows => ({ rows: frame.index, cells: restoreCells(frame) });

/** What omero2pandas reads of a table, and the frame it was made of. */
async function readByPython(annotation: number): Promise<[read: Rows, source: Rows]> {
  const code = `
    read = omero2pandas.read_table(annotation_id=annotation, omero_connector=connector)
    result = [read, source]
  `;
  const [read, source] = await python.run<[Frame, Frame]>(code, { annotation });
  return [theirs(read), theirs(source)];
}

describe("omero2pandas", () => {
  it("uploads a remote table, which it and we read alike", async () => {
    proxy.target = server.web!.port;
    const annotation = await python.run<number>(
      `
        source = frame_of(2345)
        result = omero2pandas.upload_table(source, "remote", 1, "Image", links=[("Dataset", 2)], chunk_size=1000,
                                           local_path=path, omero_connector=connector)
      `,
      { path: join(folder, "uploaded.tiledb") },
    );
    const [read, source] = await readByPython(annotation);
    expect(source.rows.length).toBe(2345);
    expect(read).toEqual(source);
    expect(await ours({ connection, annotationId: annotation })).toEqual(source);
    const { links, files } = await server.contents();
    expect(links.filter(({ child }) => child.id === annotation).map(({ parent }) => parent)).toEqual([
      { type: "Dataset", id: 2 },
      { type: "Image", id: 1 },
    ]);
    expect(files.map(({ name }) => name)).toContain("remote");
    expect(new Set(proxy.asked)).toEqual(new Set(["127.0.0.1:443"]));
  });

  it("finds the same rows by a condition, and takes the same ones by number", async () => {
    const annotation = await python.run<number>(
      `
        source = frame_of(1500)
        result = omero2pandas.upload_table(source, "searched", 1, "Image", local_path=path, omero_connector=connector)
      `,
      { path: join(folder, "searched.tiledb") },
    );
    for (const query of ["(n > 2**49) & good", "label == 'stroma'", "(image < 4) | (n < 0)"]) {
      const code = "result = omero2pandas.read_table(annotation_id=annotation, query=query, omero_connector=connector)";
      const found = theirs(await python.run<Frame>(code, { annotation, query }));
      // omero2pandas asks for the rows before the last.
      const own = await ours({ connection, annotationId: annotation, query });
      const last = own.rows.indexOf(1499);
      const kept =
        last < 0 ? own : { rows: own.rows.slice(0, last), cells: own.cells.map((cells) => cells.slice(0, last)) };
      expect(found.rows.length).toBeGreaterThan(10);
      expect(found).toEqual(kept);
    }
    const rows = [1400, 3, 77];
    const code = "result = omero2pandas.read_table(annotation_id=annotation, rows=rows, omero_connector=connector)";
    const taken = theirs(await python.run<Frame>(code, { annotation, rows }));
    expect(taken).toEqual(await ours({ connection, annotationId: annotation, rows }));
  });

  it("registers below a prefix, with another path than its own, into a folder", async () => {
    proxy.target = prefixed.web!.port;
    await mkdir(join(folder, "mapped"));
    const found = await python.run<Frame>(
      `
        source = frame_of(10)
        annotation = omero2pandas.upload_table(source, "mapped", 3, "Image", local_path=local, remote_path=remote,
                                               prefix="custom_omero", omero_connector=prefixed)
        result = omero2pandas.read_table(annotation_id=annotation, omero_connector=prefixed)
      `,
      { local: join(alias, "mapped"), remote: join(folder, "mapped") },
    );
    expect(theirs(found)).toEqual(theirs(await python.run<Frame>("result = source")));
  });

  it("registers an array of ours", async () => {
    proxy.target = server.web!.port;
    const path = join(folder, "ours.tiledb");
    const token = await createTileDB({ n: [1n, -(2n ** 62n)], s: ["ä", ""], x: [0.5, Number.NaN] }, path);
    const annotation = await python.run<number>(
      'result = register_table(connector, path, "by hand", [("Image", 2), ("Well", 1)], token)',
      { path, token },
    );
    const code = "result = omero2pandas.read_table(annotation_id=annotation, omero_connector=connector)";
    const read = theirs(await python.run<Frame>(code, { annotation }));
    expect(read).toEqual({
      rows: [0, 1],
      cells: [
        [1n, -(2n ** 62n)],
        ["ä", ""],
        [0.5, Number.NaN],
      ],
    });
    expect(await ours({ connection, annotationId: annotation })).toEqual(read);
  });

  it("is told what is refused", async () => {
    proxy.target = server.web!.port;
    const path = join(folder, "refused.tiledb");
    const outside = `${folder}-outside.tiledb`;
    const told = (await python.run(
      `
        import logging
        said = []
        handler = logging.Handler()
        handler.emit = lambda record: said.append(record.getMessage())
        logging.getLogger("omero2pandas.remote").addHandler(handler)

        def refusal(path, token, links=[("Image", 1)], connector=connector):
            said.clear()
            try:
                register_table(connector, path, "refused", links, token)
            except requests.HTTPError as e:
                return [e.response.status_code, said[-1].split(": ", 1)[1]]

        token, outside_token = create_tiledb(frame_of(3), path), create_tiledb(frame_of(3), outside)
        ended = connector_of(port)
        ended_uuid = ended.getSessionId()
        ended.client.closeSession()
        ended.getSessionId = lambda: ended_uuid
        result = {
            "token": refusal(path, "x" * 43),
            "outside": refusal(outside, outside_token),
            "gone": refusal(path + ".gone", token),
            "target": refusal(path, token, [("Image", 12345)]),
            "group": refusal(path, token, [("Image", 99)]),
            "session": refusal(path, token, connector=ended),
        }
      `,
      { path, outside, port: server.port },
    )) as Record<string, [number, string]>;
    await rm(outside, { recursive: true });
    const noArray = "uri names no array in the server's folders of arrays";
    expect(told).toEqual({
      token: [403, "X-SecretToken is not the secret token of the array"],
      outside: [400, noArray],
      gone: [400, noArray],
      target: [400, "No such Image: 12345"],
      group: [403, "Cannot read ome.model.core.Image:Id_99"],
      session: [403, "Not logged in"],
    });
  });
});

it("we register an array of omero2pandas', over https", async () => {
  const path = join(folder, "theirs.tiledb");
  const token = await python.run<string>("source = frame_of(1001)\nresult = create_tiledb(source, path, 300)", {
    path,
  });
  const annotationId = await registerTable(connection, path, {
    tableName: "theirs",
    token,
    links: [["Image", 4]],
    server: server.web!.url,
    ca: certificate.cert,
  });
  const [read, source] = await readByPython(Number(annotationId));
  expect(read).toEqual(source);
  expect(await ours({ connection, annotationId })).toEqual(source);
});

it("the servers failed at nothing", () => {
  expect(log.filter(({ level }) => level === "error")).toEqual([]);
});
