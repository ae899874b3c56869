import type { Command } from "commander";
import { TABLE_MIMETYPE } from "../../../columns/table.js";
import type { OmeroConnection } from "../../../connect/index.js";
import type { Attachment } from "../../../gateway/attachments.js";
import type { OmeroObject } from "../../../gateway/index.js";
import { type ServerFlags, withServer } from "../../options/connection.js";
import { type JsonFlag, jsonOption } from "../../options/tables.js";
import { count } from "../../options/values.js";
import { printColumns, printJson, visibleLine } from "../../output.js";
import { findNamed, type NamedObjectRef, objectRef, withObjects } from "./named-objects.js";

interface LsFlags extends ServerFlags, JsonFlag {
  readonly depth: number;
  readonly owner?: string;
  readonly tables: boolean;
}

export function addLs(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("ls")))
    .description("list what is in an object, and the tables and files on it; without one, all projects and screens")
    .argument("[object]", "for example Project:1", objectRef)
    .option("--depth <levels>", "list what is in these, too, so many levels deep", count, 1)
    .option("--owner <name>", "only projects and screens of this user")
    .option("--tables", "only the tables on the object", false)
    .action((ref: NamedObjectRef | undefined, options: LsFlags) =>
      withObjects(options, signal, async (connection, group) => {
        const lines = new Listing(options);
        const object = ref && (await findNamed(connection, ref, group, signal));
        const listed = object ? childrenOf(object, signal) : top(connection, { owner: options.owner, group, signal });
        if (!options.tables) await list(listed, lines, options, 0, signal);
        if (ref) for (const file of await attachedTo(ref, connection, options, signal)) lines.addFile(file);
        lines.end();
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
  lines: Listing,
  options: LsFlags,
  level: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const object of objects) {
    lines.addObject(object, level);
    if (level + 1 < options.depth) await list(childrenOf(object, signal), lines, options, level + 1, signal);
  }
}

async function attachedTo(
  [parentType, parentId]: NamedObjectRef,
  connection: OmeroConnection,
  { tables }: LsFlags,
  signal: AbortSignal,
): Promise<Attachment[]> {
  const { listFiles } = await import("../../../gateway/files/attached-file.js");
  const files = await listFiles({ connection, parentType, parentId, signal });
  return tables ? files.filter(({ mimetype }) => mimetype === TABLE_MIMETYPE) : files;
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

/** Lines of what was found, side by side in the end; JSON as it is found. */
class Listing {
  readonly #json: boolean;
  readonly #rows: (readonly [what: string, name: string, more: string])[] = [];

  constructor({ json }: JsonFlag) {
    this.#json = json;
  }

  addObject(object: OmeroObject, level: number): void {
    const owner = object.details.owner?.userName ?? "";
    if (this.#json) printJson({ ...object.toJSON(), level });
    else this.#rows.push([`${"  ".repeat(level)}${object.type}:${object.id}`, nameOf(object), owner]);
  }

  addFile(file: Attachment): void {
    const { annotationId, name, mimetype, size } = file;
    const kind = mimetype === TABLE_MIMETYPE ? "table" : mimetype;
    if (this.#json) printJson({ type: "FileAnnotation", ...file });
    else this.#rows.push([`Annotation:${annotationId}`, name, `${kind}, ${size ?? "?"} bytes`]);
  }

  end(): void {
    const column = (index: 0 | 1 | 2) => this.#rows.map((row) => visibleLine(row[index]));
    printColumns(
      ([0, 1, 2] as const).map((index) => ({ heading: "", cells: column(index) })),
      { headings: false },
    );
  }
}
