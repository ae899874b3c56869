import type { Command } from "commander";
import type { AnnotatedObject, Annotation, OmeroObject } from "../../../gateway/index.js";
import { type ServerFlags, withServer } from "../../options.js";
import { print, printCells } from "../../output.js";
import { nameOf } from "./ls.js";
import { findNamed, type NamedObjectRef, objectRef, withObjects } from "./named-objects.js";

interface InfoFlags extends ServerFlags {
  readonly json: boolean;
}

export function addInfo(root: Command, signal: AbortSignal): void {
  withServer(root.command("info"))
    .description("tell of an object: what it is, whose, where it lies, and what is said of it")
    .argument("<object>", "for example Image:5", objectRef)
    .option("--json", "as one JSON object", false)
    .action((ref: NamedObjectRef, options: InfoFlags) =>
      withObjects(options, signal, async (connection, group) => {
        const object = await findNamed(connection, ref, group, signal);
        const parents = await object.parents({ signal });
        const annotations: Annotation[] = [];
        for await (const annotation of object.listAnnotations({ signal })) annotations.push(annotation);
        if (options.json) print(JSON.stringify({ ...object.toJSON(), parents: parents.map(shortly), annotations }));
        else show(object, parents, annotations);
      }),
    );
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
