/** The rooms of this package, and which room may import from which: arrows point down. */

const LOW = ["columns", "flow", "rtypes", "errors"];
const DATA = ["formats", "query", ...LOW];
const OMERO = ["gateway", "connect", "connect/ice", ...DATA];

/** By room, the rooms it may import from. */
export const allowedArrows = {
  errors: [],
  rtypes: ["errors"],
  columns: ["rtypes", "errors"],
  flow: ["errors"],
  query: LOW,
  formats: ["query", ...LOW],
  "connect/ice": LOW,
  connect: ["connect/ice", ...LOW],
  gateway: ["store", ...OMERO.filter((room) => room !== "gateway")],
  read: ["store", ...OMERO],
  write: ["read", ...OMERO],
  store: DATA,
  server: ["connect/ice", "store", ...DATA],
  scan: ["write", "read", "store", ...OMERO],
  jobs: ["write", "read", "store", ...OMERO],
  duckdb: ["read", "store", ...OMERO],
  flight: ["scan", "write", "read", "store", ...OMERO],
  view: ["write", "read", "store", ...OMERO],
  cli: ["flight", "jobs", "duckdb", "view", "scan", "write", "read", "store", "server", ...OMERO],
  index: ["view", "scan", "write", "read", "store", ...OMERO],
};

/** The room of a file of `src`: its first folder, but the wire is a room of its own. */
export function roomOf(file) {
  if (file.startsWith("connect/ice/")) return "connect/ice";
  return file.split("/")[0].replace(/\.ts$/, "");
}
