#!/usr/bin/env node
/**
 * Fails where a public member has no hover text, or a public function no example. Reads what typedoc wrote to `api.json`.
 * Members of OMERO's own types are left out: they are made from its Slice files, which say nothing of them.
 */
import { readFileSync } from "node:fs";
import { ReflectionKind } from "typedoc";

/** Parts of what has text, and what is told elsewhere. */
const KINDS_WITHOUT_TEXT =
  ReflectionKind.Project |
  ReflectionKind.Module |
  ReflectionKind.SomeSignature |
  ReflectionKind.Parameter |
  ReflectionKind.TypeLiteral |
  ReflectionKind.TypeParameter |
  ReflectionKind.Reference;
const SLICE_TYPES = "connect/ice/schema/omero.ts";
/** What a language, not a user, calls. */
const UNSEEN = /^(constructor|toJSON|\[.*\])$/;
const missing = { text: new Set(), example: new Set() };

const project = JSON.parse(readFileSync(new URL("api.json", import.meta.url), "utf8"));
for (const entry of project.children) for (const child of entry.children ?? []) visit(child, child.name);

function visit(member, path) {
  const place = member.sources?.[0]?.fileName ?? "";
  if (place.endsWith(SLICE_TYPES) || place.includes("node_modules") || member.flags?.isExternal) return;
  if (UNSEEN.test(member.name)) return;
  if (member.kind === ReflectionKind.Function && !hasExample(member)) missing.example.add(`${path} (${place})`);
  const texts = [member, ...(member.signatures ?? []), ...(member.getSignature ? [member.getSignature] : [])];
  if ((member.kind & KINDS_WITHOUT_TEXT) === 0 && !texts.some(({ comment }) => comment))
    missing.text.add(`${path} (${place})`);
  for (const child of member.children ?? []) visit(child, `${path}.${child.name}`);
}

function hasExample({ signatures = [] }) {
  return signatures.some(({ comment }) => comment?.blockTags?.some(({ tag }) => tag === "@example"));
}

for (const line of missing.text) console.error(`no hover text: ${line}`);
for (const line of missing.example) console.error(`no example: ${line}`);
console.log(
  `${missing.text.size} public members without hover text, ${missing.example.size} public functions without example`,
);
process.exitCode = missing.text.size + missing.example.size === 0 ? 0 : 1;
