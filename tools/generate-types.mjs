#!/usr/bin/env node
/**
 * Writes src/connect/ice/schema/omero.ts: TypeScript types of every class, structure, exception, enumeration and service in
 * src/connect/ice/schema/schema-data.ts.
 *
 *     node tools/generate-types.mjs            write the file
 *     node tools/generate-types.mjs --check    fail if the file differs from what would be written
 */
import { readFileSync, writeFileSync } from "node:fs";

const SCHEMA = new URL("../src/connect/ice/schema/schema-data.ts", import.meta.url);
const OUTPUT = new URL("../src/connect/ice/schema/omero.ts", import.meta.url);

/** Where two modules have a name in common, the first of these keeps it; elsewhere the module's name comes before it. */
const MODULES = ["::omero::model", "::omero::api", "::omero::grid", "::omero", "::omero::sys", "::omero::cmd"];
/** `::Ice::Object` would hide a name of the language. */
const TAKEN = new Set(["Object", "Map", "Promise", "ProxyRef", "ProxyOf", "CallOptions"]);
const RESERVED = new Set([
  "default",
  "delete",
  "enum",
  "function",
  "in",
  "new",
  "package",
  "private",
  "public",
  "with",
]);

const BUILTINS = {
  bool: "boolean",
  byte: "number",
  short: "number",
  int: "number",
  long: "bigint",
  float: "number",
  double: "number",
  string: "string",
  void: "void",
};
const ARRAYS = {
  byte: "Uint8Array",
  short: "Int16Array",
  int: "Int32Array",
  long: "BigInt64Array",
  float: "Float32Array",
  double: "Float64Array",
};
/** Column classes have their values in this package's form. */
const COLUMN_DATA = {
  Bool: "Bool",
  Double: "Double",
  String: "String",
  FloatArray: "Array",
  DoubleArray: "Array",
  LongArray: "Array",
  Mask: "Mask",
};
const COLUMN = "::omero::grid::Column";

const text = readFileSync(SCHEMA, "utf8");
const schema = JSON.parse(text.slice(text.indexOf("`") + 1, text.lastIndexOf("`")));
const names = chooseNames();
const baseClasses = new Set(Object.values(schema.classes).map(({ base }) => base));

function moduleOf(id) {
  return id.slice(0, id.lastIndexOf("::"));
}

function chooseNames() {
  const { enumerations, structs, exceptions, classes, services } = schema;
  const ids = [enumerations, structs, exceptions, classes, services].flatMap((section) => Object.keys(section));
  const rank = (id) => (MODULES.includes(moduleOf(id)) ? MODULES.indexOf(moduleOf(id)) : MODULES.length);
  const chosen = new Map();
  const used = new Set(TAKEN);
  for (const id of ids.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))) {
    const [last, module] = id.split("::").reverse();
    const name = used.has(last) ? module[0].toUpperCase() + module.slice(1) + last : last;
    if (used.has(name)) throw new Error(`no name is left for ${id}`);
    used.add(name);
    chosen.set(id, name);
  }
  return chosen;
}

/** The type of a decoded value; with `given`, of a value to be encoded, which may be looser. */
function typeOf(id, given = false) {
  if (id in BUILTINS) return id === "long" && given ? "bigint | number" : BUILTINS[id];
  if (id.endsWith("*")) return `ProxyOf<"${id.slice(0, -1)}"> | null`;
  if (id in schema.sequences) return sequenceOf(schema.sequences[id], given);
  if (id in schema.dictionaries) return dictionaryOf(schema.dictionaries[id], given);
  if (id in schema.classes) return `${names.get(id)} | null`;
  if (id === "::Ice::Object") return "{ iceId: string } | null";
  return names.get(id);
}

function sequenceOf(element, given) {
  const array = `readonly ${parenthesized(typeOf(element, given))}[]`;
  if (!(element in ARRAYS)) return array;
  return given ? `${ARRAYS[element]} | ${array}` : ARRAYS[element];
}

function dictionaryOf([key, value], given) {
  const map = `ReadonlyMap<${typeOf(key, given)}, ${typeOf(value, given)}>`;
  return given && key === "string" ? `${map} | Readonly<Record<string, ${typeOf(value, given)}>>` : map;
}

function parenthesized(type) {
  return /[ |]/.test(type) ? `(${type})` : type;
}

function members(texts) {
  return (texts ?? []).map((member) => {
    const [name, type] = member.split(" ");
    return `  ${name}: ${typeOf(type)};`;
  });
}

function interfaceOf(id, bases, lines) {
  const extending = bases.length > 0 ? ` extends ${bases.map((base) => names.get(base)).join(", ")}` : "";
  const head = `/** \`${id}\` */\nexport interface ${names.get(id)}${extending} {`;
  return lines.length > 0 ? [head, ...lines, "}"].join("\n") : `${head}}`;
}

function classInterface([id, { base, members: texts }]) {
  const tag = baseClasses.has(id) ? (base ? [] : ["  iceId: string;"]) : [`  iceId: "${id}";`];
  return interfaceOf(id, base ? [base] : [], [...tag, ...(columnMembers(id, base) ?? members(texts))]);
}

function columnMembers(id, base) {
  if (id === COLUMN)
    return ["  name: string;", "  description: string;", "  size?: number;", "  data: batch.ColumnData;"];
  if (base !== COLUMN) return undefined;
  const type = id.slice(COLUMN.length - "Column".length, -"Column".length);
  const size = type === "String" || type.endsWith("Array") ? ["  size: number;"] : [];
  return [...size, `  data: batch.${COLUMN_DATA[type] ?? "Long"}Column;`];
}

function derivedInterface([id, { base, members: texts }]) {
  return interfaceOf(id, base ? [base] : [], members(texts));
}

function serviceInterface([id, { bases = [], operations = {} }]) {
  const root = id === "::Ice::Object" || bases.length > 0 ? bases : ["::Ice::Object"];
  return interfaceOf(id, root, Object.entries(operations).flatMap(operationLines));
}

function operationLines([name, [mode, returned, parameters, outs, exceptions]]) {
  const given = parameters.map((parameter) => {
    const [parameterName, type] = parameter.split(" ");
    return `${RESERVED.has(parameterName) ? `${parameterName}_` : parameterName}: ${typeOf(type, true)}`;
  });
  const notes = [mode === 0 ? "" : "Idempotent.", throwsNote(exceptions)].filter((note) => note !== "").join(" ");
  const line = `  ${name}(${[...given, "callOptions?: CallOptions"].join(", ")}): Promise<${resultOf(returned, outs)}>;`;
  return notes === "" ? [line] : [`  /** ${notes} */`, line];
}

/** Nearly every operation throws ServerError; only what is thrown beside it is told. */
function throwsNote(exceptions) {
  const others = exceptions.filter((id) => id !== "::omero::ServerError");
  return others.length > 0 ? `Throws ${others.map((id) => names.get(id)).join(", ")}.` : "";
}

function resultOf(returned, outs) {
  const results = returned === "void" ? outs : [returned, ...outs];
  if (results.length > 1) return `[${results.map((id) => typeOf(id)).join(", ")}]`;
  return results.length === 1 ? typeOf(results[0]) : "void";
}

function idMap(name, note, section) {
  const lines = Object.keys(section).map((id) => `  "${id}": ${names.get(id)};`);
  return `/** ${note} */\nexport interface ${name} {\n${lines.join("\n")}\n}`;
}

function render() {
  const { source, enumerations, structs, exceptions, classes, services } = schema;
  return `${[
    `// Made by tools/generate-types.mjs from ${source}. Do not edit.`,
    `import type * as batch from "../../../columns/batch.js";
import type { CallOptions } from "../client/call.js";
import type { ProxyRef } from "../codec/proxy-ref.js";`,
    `/** A proxy of the service named. */
export type ProxyOf<_ServiceId extends keyof OmeroServices> = ProxyRef;`,
    ...Object.entries(enumerations).map(
      ([id, values]) =>
        `/** \`${id}\` */\nexport type ${names.get(id)} =\n  | ${values.map((v) => `"${v}"`).join("\n  | ")};`,
    ),
    ...Object.entries(structs).map(([id, texts]) => interfaceOf(id, [], members(texts))),
    ...Object.entries(exceptions).map(derivedInterface),
    ...Object.entries(classes).map(classInterface),
    ...Object.entries(services).map(serviceInterface),
    idMap("OmeroServices", "Services by Slice id.", services),
    idMap("OmeroClasses", "Classes that are passed by value, by Slice id.", classes),
    idMap("OmeroExceptions", "Members of exceptions, by Slice id.", exceptions),
  ].join("\n\n")}\n`;
}

const rendered = render();
if (process.argv.includes("--check")) {
  if (readFileSync(OUTPUT, "utf8") !== rendered) {
    console.error("omero.ts differs from the schema; run node tools/generate-types.mjs");
    process.exitCode = 1;
  }
} else {
  writeFileSync(OUTPUT, rendered);
}
