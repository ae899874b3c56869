import { type Command, InvalidArgumentError } from "commander";
import type { Annotation, KeyValue, NewAnnotation } from "../../../gateway/index.js";
import { type ServerFlags, withServer } from "../../options/connection.js";
import { jsonOption } from "../../options/tables.js";
import { count } from "../../options/values.js";
import { counted, print, printJson } from "../../output.js";
import { findNamed, type NamedObjectRef, objectRefs, withObjects } from "./named-objects.js";

interface TagFlags extends ServerFlags {
  readonly namespace?: string;
  readonly description?: string;
  readonly remove: boolean;
  readonly json: boolean;
}

export function addTag(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("tag")))
    .description("tag objects, with your own tag of that text where there is one; or take it off them")
    .argument("<text>", "the tag")
    .argument("<objects...>", "for example Image:5 Image:6", objectRefs)
    .option("--namespace <text>", "namespace of the tag")
    .option("--description <text>", "what a new tag is for")
    .option("--remove", "take the tag off; the tag stays", false)
    .action((tag: string, refs: NamedObjectRef[], options: TagFlags) =>
      withObjects(options, signal, async (connection, group) => {
        const { namespace, description } = options;
        if (options.remove) {
          let removed = 0;
          for (const ref of refs) {
            const object = await findNamed(connection, ref, group, signal);
            for await (const one of object.listAnnotations({ type: "TagAnnotation", namespace, signal })) {
              if (one.value !== tag) continue;
              await object.unlinkAnnotation(one, { signal });
              removed += 1;
            }
          }
          if (options.json) printJson({ removed });
          else print(`taken off ${counted(removed, "object")}`);
          return;
        }
        tell(await connection.annotate(refs, { tag, namespace, description }, { signal }), refs, options);
      }),
    );
}

interface AnnotateFlags extends ServerFlags {
  readonly comment?: string;
  readonly rating?: number;
  readonly key?: KeyValue[];
  readonly xml?: string;
  readonly term?: string;
  readonly file?: string;
  readonly namespace?: string;
  readonly description?: string;
  readonly json: boolean;
}

export function addAnnotate(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("annotate")))
    .description("make one annotation and link it to objects of one group")
    .argument("<objects...>", "for example Image:5 Image:6", objectRefs)
    .option("--comment <text>", "a comment")
    .option("--rating <1-5>", "a rating", count)
    .option("--key <name=value>", "a key-value pair; give it again for more, in order", keyValue)
    .option("--xml <text>", "a document in XML")
    .option("--term <text>", "a term of an ontology")
    .option("--file <path>", "a file to store and attach")
    .option("--namespace <text>", "namespace, by which programs find it")
    .option("--description <text>", "what it is for")
    .action((refs: NamedObjectRef[], options: AnnotateFlags) =>
      withObjects(options, signal, async (connection) => {
        const { comment, rating, key: keyValues, xml, term, file, namespace, description } = options;
        const annotation: NewAnnotation = { comment, rating, keyValues, xml, term, file, namespace, description };
        tell(await connection.annotate(refs, annotation, { signal }), refs, options);
      }),
    );
}

function keyValue(text: string, before: readonly KeyValue[] = []): KeyValue[] {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("write a name and a value, for example stain=DAPI");
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}

function tell(annotation: Annotation, refs: readonly NamedObjectRef[], { json }: { readonly json: boolean }): void {
  const objects = refs.map(([type, id]) => `${type}:${id}`);
  if (json) printJson({ ...annotation.toJSON(), objects });
  else print(`${annotation.type} ${annotation.id} on ${objects.join(" ")}`);
}
