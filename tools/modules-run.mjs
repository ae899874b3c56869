/**
 * Counts the modules whose functions run while a small table is read, and while one is uploaded; a server runs in a
 * process of its own. Prints JSON, after the names of the modules where the second argument is `list`. Started with tsx,
 * for another checkout's sources too.
 */
import { spawn } from "node:child_process";
import { Session } from "node:inspector/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What runs when a module is loaded, besides the module itself: tsx names functions, classes have static members. */
const WHEN_LOADED = ["__name", "<static_initializer>"];

const root = process.argv[2];
const source = (path) => import(pathToFileURL(join(root, "src", path)).href);

if (process.argv[3] === "serve") await serve();
else await measure();

async function serve() {
  const { startServer } = await source("server/index.ts");
  const server = await startServer();
  process.stdout.write(`${server.tlsPort}\n`);
  process.stdin.resume().on("end", () => server.close().then(() => process.exit()));
}

async function measure() {
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), root, "serve"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = await once(child.stdout, "data");
  const { connectToOmero, readTable, uploadTable } = await source("index.ts");
  const options = { server: "127.0.0.1", port: Number(port), username: "user", password: "pass" };
  const connection = await connectToOmero(options);
  const rows = Array.from({ length: 50 }, (_, row) => ({ area: row / 3, name: `cell ${row}`, id: row }));
  let fileId;
  const upload = await modulesRun(async () => {
    ({ fileId } = await uploadTable(rows, "Small", { connection, parentType: "Dataset", parentId: 1 }));
  });
  const read = await modulesRun(() => readTable({ connection, fileId }));
  await connection.close();
  child.stdin.end();
  if (process.argv[3] === "list") console.log([...new Set([...read, ...upload])].sort().join("\n"));
  console.log(JSON.stringify({ read: read.length, upload: upload.length }));
}

function once(stream, event) {
  return new Promise((resolve) => stream.once(event, (data) => resolve([String(data)])));
}

async function modulesRun(action) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await action();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  session.disconnect();
  const prefix = pathToFileURL(join(root, "src/")).href;
  const called = result.filter(
    ({ url, functions }) => url.startsWith(prefix) && withoutModule(functions).some(isCalled),
  );
  return called.map(({ url }) => url.slice(prefix.length));
}

/** The functions of a module but for the module itself: loading it is not running it. */
function withoutModule(functions) {
  return functions.filter(
    ({ functionName, ranges }) =>
      !WHEN_LOADED.includes(functionName) && (functionName !== "" || ranges[0].startOffset > 0),
  );
}

function isCalled({ ranges }) {
  return ranges[0].count > 0;
}
