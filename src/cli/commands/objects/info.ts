import { type Command, InvalidArgumentError } from "commander";
import type { AnnotatedObject, Annotation, OmeroObject } from "../../../gateway/index.js";
import { type TableName, tableName } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, type ReadTableFlags, readTableOptions } from "../../options/tables.js";
import { printCells, printJson } from "../../output.js";
import { nameOf } from "./ls.js";
import { findNamed, type NamedObjectRef, objectRef, withObjects } from "./named-objects.js";

type InfoFlags = ReadTableFlags & JsonFlag;

export function addInfo(root: Command, signal: AbortSignal): void {
  jsonOption(readTableOptions(root.command("info")))
    .description(
      "tell of an object or a table: what it is, whose, where it lies, and what is said of it; or who you are",
    )
    .argument(
      "[object]",
      "Image:5 or another object; a table as 402, Annotation:142, an address or a path; nothing for your session",
      named,
    )
    .action((named: Named | undefined, options: InfoFlags) => {
      const { fileId, annotationId, path } = options;
      if (named === undefined && (fileId ?? annotationId ?? path) === undefined) return tellSession(options, signal);
      return named !== undefined && "ref" in named
        ? tellObject(named.ref, options, signal)
        : tellTable(named, options, signal);
    });
}

type Named = TableName | { readonly ref: NamedObjectRef };

function named(text: string): Named {
  const table = tableNameIn(text);
  if (table !== undefined && !("object" in table)) return table;
  return { ref: objectRef(table === undefined ? text : table.object.join(":")) };
}

/** Undefined for a text of which a better explanation is that it is no object. */
function tableNameIn(text: string): TableName | undefined {
  try {
    return tableName(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError && !text.includes("://")) return undefined;
    throw error;
  }
}

async function tellTable(name: TableName | undefined, options: InfoFlags, signal: AbortSignal): Promise<void> {
  const { tellOfTable } = await import("../tables/table-info.js");
  await tellOfTable(name, options, signal);
}

function tellSession(options: InfoFlags, signal: AbortSignal): Promise<void> {
  return withObjects(options, signal, async (connection) => {
    const info = await connection.getSessionInfo();
    const { formatAddress } = await import("../../../connect/index.js");
    const told = { server: formatAddress(connection.server), ...info };
    if (options.json) return printJson(told);
    for (const [name, value] of Object.entries(told)) showValue(name, value);
  });
}

function tellObject(ref: NamedObjectRef, options: InfoFlags, signal: AbortSignal): Promise<void> {
  return withObjects(options, signal, async (connection, group) => {
    const object = await findNamed(connection, ref, group, signal);
    const parents = await object.parents({ signal });
    const annotations: Annotation[] = [];
    for await (const annotation of object.listAnnotations({ signal })) annotations.push(annotation);
    if (options.json) printJson({ ...object.toJSON(), parents: parents.map(shortly), annotations });
    else show(object, parents, annotations);
  });
}

function shortly(object: OmeroObject): object {
  return { type: object.type, id: object.id, name: nameOf(object) };
}

function show(object: AnnotatedObject, parents: readonly OmeroObject[], annotations: readonly Annotation[]): void {
  printCells(`${object.type}:${object.id}`, nameOf(object));
  for (const [name, value] of Object.entries(object.toJSON())) {
    if (!["type", "id", "name", "details"].includes(name)) showValue(name, value);
  }
  const { owner, group, permissions, createdAt, updatedAt } = object.details;
  showValue("owner", owner && `${owner.userName ?? owner.id} (${owner.fullName ?? ""})`);
  showValue("group", group && `${group.name ?? group.id} (${permissions?.name ?? permissions?.text ?? ""})`);
  showValue("created", createdAt?.toISOString());
  showValue("changed", updatedAt?.toISOString());
  for (const parent of parents) showValue("in", `${parent.type}:${parent.id} ${nameOf(parent)}`);
  for (const annotation of annotations) showAnnotation(annotation);
}

function showValue(name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  printCells(`  ${name}`, typeof value === "object" ? JSON.stringify(value) : String(value));
}

function showAnnotation({ type, id, namespace, value }: Annotation): void {
  const kind = `${type.replace(/Annotation$/, "").toLowerCase()} ${id}`;
  const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
  printCells(`  ${kind}`, shown, namespace ?? "");
}
