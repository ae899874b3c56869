/** Holds the arrows between the rooms (tools/rooms.mjs), and refuses circles, those by types alone included. */
import { builtinModules } from "node:module";
import { Visitor } from "@swc/core/Visitor.js";
import { allowedArrows } from "./tools/rooms.mjs";

// The parser of dependency-cruiser for TypeScript 7 sources is swc, whose visitor does not know `using`: it holds declarations.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement);
  for (const { init } of statement.decls) this.visitExpression(init);
  return statement;
};

const ICE = "connect/ice";

/** The paths of a room's files: those of the session are not those of the wire below it. */
function pathOf(room) {
  if (room === "connect") return `^src/connect/(?!ice/)`;
  return `^src/${room}(?:/|\\.ts$)`;
}

const rooms = Object.entries(allowedArrows).map(([room, below]) => ({
  name: `arrows-of-${room.replace("/", "-")}`,
  comment: `${room} imports from ${below.join(", ") || "nothing"} alone`,
  severity: "error",
  from: { path: pathOf(room) },
  to: { path: "^src/", pathNot: [room, ...below].map(pathOf) },
}));

export default {
  forbidden: [
    ...rooms,
    {
      name: "no-room-unknown",
      comment: "a new folder of src gets its line in tools/rooms.mjs",
      severity: "error",
      from: { path: "^src/", pathNot: Object.keys(allowedArrows).map(pathOf) },
      to: {},
    },
    { name: "no-circular", comment: "types included", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-client-beside-server",
      comment: "the side that calls and the side that answers meet in the codec and the schema alone",
      severity: "error",
      from: { path: `^src/${ICE}/client/` },
      to: { path: `^src/${ICE}/serve/` },
    },
    {
      name: "node-in-node-ts-alone",
      comment: "so that they can run elsewhere one day, these rooms use Node.js by files called node.ts",
      severity: "error",
      from: { path: "^src/(formats|query|columns|connect/ice/codec)/", pathNot: "/node\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^omero2frame" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    includeOnly: ["^src/", `^(?:${builtinModules.join("|")})$`],
  },
};
