import type { Command } from "commander";
import type { OmeroConnection } from "../../../connect/index.js";
import type { OmeroObject } from "../../../gateway/index.js";
import { count, type ServerFlags, withServer } from "../../options.js";
import { print, printCells } from "../../output.js";
import { findNamed, type NamedObjectRef, objectRef, withObjects } from "./named-objects.js";

interface LsFlags extends ServerFlags {
  readonly depth: number;
  readonly owner?: string;
  readonly json: boolean;
}

export function addLs(root: Command, signal: AbortSignal): void {
  withServer(root.command("ls"))
    .description("list what is in an object; without one, all projects and screens")
    .argument("[object]", "for example Project:1", objectRef)
    .option("--depth <levels>", "list what is in these, too, so many levels deep", count, 1)
    .option("--owner <name>", "only projects and screens of this user")
    .option("--json", "one JSON object a line", false)
    .action((ref: NamedObjectRef | undefined, options: LsFlags) =>
      withObjects(options, signal, async (connection, group) => {
        const listed = ref
          ? childrenOf(await findNamed(connection, ref, group, signal), signal)
          : top(connection, { owner: options.owner, group, signal });
        await list(listed, options, 0, signal);
      }),
    );
}

async function* top(
  connection: OmeroConnection,
  options: { owner: string | undefined; group: number | undefined; signal: AbortSignal },
): AsyncGenerator<OmeroObject> {
  yield* connection.listProjects(options);
  yield* connection.listScreens(options);
}

async function list(
  objects: AsyncIterable<OmeroObject>,
  options: LsFlags,
  level: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const object of objects) {
    if (options.json) print(JSON.stringify({ ...object.toJSON(), level }));
    else printCells(`${"  ".repeat(level)}${object.type}:${object.id}`, nameOf(object), ownerOf(object));
    if (level + 1 < options.depth) await list(childrenOf(object, signal), options, level + 1, signal);
  }
}

/** What is in an object; nothing in one of a type that holds nothing. */
function childrenOf(object: OmeroObject, signal: AbortSignal): AsyncIterable<OmeroObject> {
  return "listChildren" in object ? (object as Parent).listChildren({ signal }) : none();
}

interface Parent {
  listChildren(options: { signal: AbortSignal }): AsyncIterable<OmeroObject>;
}

async function* none(): AsyncGenerator<OmeroObject> {}

export function nameOf(object: OmeroObject): string {
  return "name" in object && typeof object.name === "string" ? object.name : "";
}

function ownerOf({ details }: OmeroObject): string {
  return details.owner?.userName ?? "";
}
