#!/usr/bin/env node
/**
 * Fails where a public member has no hover text, or a public function no example. Reads what typedoc wrote to `api/api.json`.
 * Members of OMERO's own types are left out: they are made from its Slice files, which say nothing of them.
 */
import { readFileSync } from "node:fs";

const FUNCTION = 64;
const KINDS_WITHOUT_TEXT = new Set([
  1, 2, 4096, 16384, 65536, 262144, 524288, 1048576, 2097152, 4194304, 131072, 32768,
]);
const SLICE_TYPES = "connect/ice/schema/omero.ts";
/** What a language, not a user, calls. */
const UNSEEN = /^(constructor|toJSON|\[.*\])$/;
const missing = { text: new Set(), example: new Set() };

const project = JSON.parse(readFileSync(new URL("api/api.json", import.meta.url), "utf8"));
for (const entry of project.children) for (const child of entry.children ?? []) visit(child, child.name);

function visit(member, path) {
  const place = member.sources?.[0]?.fileName ?? "";
  if (place.endsWith(SLICE_TYPES) || place.includes("node_modules") || member.flags?.isExternal) return;
  if (UNSEEN.test(member.name)) return;
  if (member.kind === FUNCTION && !hasExample(member)) missing.example.add(`${path} (${place})`);
  const texts = [member, ...(member.signatures ?? []), ...(member.getSignature ? [member.getSignature] : [])];
  if (!KINDS_WITHOUT_TEXT.has(member.kind) && !texts.some(({ comment }) => comment))
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
