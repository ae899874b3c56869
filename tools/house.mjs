/**
 * Prints the figures of this package's layout: rooms and the arrows between them, circles, names, files, functions,
 * what is loaded. `--check` says only, and fails, where an exported name is declared twice or used nowhere, a test does not
 * lie as its source does, a file or folder is over its limit, or a file does by hand what one file does for all.
 *
 * @example node tools/house.mjs [--check] [another checkout]
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";
import { allowedArrows, roomOf } from "./rooms.mjs";

const FUNCTIONS = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassMethod",
  "PrivateMethod",
  "Constructor",
  "MethodProperty",
  "GetterProperty",
  "SetterProperty",
]);

/** Folders of `test` that are suites of their own, or serve tests. */
const OTHER_TESTS = ["bench", "docs", "faults", "hostile", "index", "nightly", "reference", "support"];
/** Tests of a room beside another program, with what they need for that. */
const DIFFERENTIAL = "differential";
/** Lines of a file, and files of a folder beside its subfolders, at most. */
const MOST_LINES = 300;
const MOST_FILES = 15;
/** Written by tools/generate-types.mjs and tools/extract-schema.py: no limit holds for them. */
const GENERATED = new Set(["connect/ice/schema/omero.ts", "connect/ice/schema/schema-data.ts"]);

/** What stands in one file alone, and what others do in its place. */
const ONLY_THERE = [
  [
    /\.catch\(\(\) => (?:\{\s*\}|undefined|null|false|\[\])\)/,
    "flow/failures.ts",
    "lets a failure pass: use a function of",
  ],
  [/addEventListener\("abort"/, "flow/abort.ts", "listens to a signal: use onAbort or unlessAborted of"],
];

const [place] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const root = resolve(place ?? ".");
const tools = dirname(fileURLToPath(import.meta.url));
const files = sourceFiles(join(root, "src"));
const modules = files.map(readModule);

if (process.argv.includes("--check")) check();
else report();

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function readModule(path) {
  const text = readFileSync(path, "utf8");
  const found = {
    name: relative(join(root, "src"), path),
    text,
    lines: text.split("\n").length - 1,
    imports: [],
    names: [],
    functions: [],
  };
  const ast = parseSync(text, { syntax: "typescript", target: "es2022" });
  const lineAt = lineCounter(Buffer.from(text));
  for (const item of ast.body) visitItem(item, found, path);
  visitFunctions(ast.body, found, lineAt);
  return found;
}

/** The line of a position: positions are bytes, from 1. */
function lineCounter(bytes) {
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return (position) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= position - 1) low = middle;
      else high = middle;
    }
    return low;
  };
}

function visitItem(item, found, path) {
  const source = item.source?.value;
  if (source?.startsWith(".")) {
    const target = resolve(dirname(path), source.replace(/\.js$/, ".ts"));
    if (existsSync(target)) found.imports.push(relative(join(root, "src"), target));
  }
  if (item.type !== "ExportDeclaration") return;
  const { declaration } = item;
  const names = declaration.declarations?.map(({ id }) => id.value) ?? [
    (declaration.identifier ?? declaration.id)?.value,
  ];
  found.names.push(...new Set(names.filter(Boolean)));
}

function visitFunctions(node, found, lineAt) {
  if (Array.isArray(node)) {
    for (const part of node) visitFunctions(part, found, lineAt);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  if (FUNCTIONS.has(node.type)) {
    const span = node.span ?? node.function?.span;
    const body = node.body ?? node.function?.body;
    const isNamed = node.type !== "ArrowFunctionExpression" && node.type !== "FunctionExpression";
    if (body && (isNamed || body.type === "BlockStatement"))
      found.functions.push(lineAt(span.end) - lineAt(span.start) + 1);
  }
  for (const part of Object.values(node)) visitFunctions(part, found, lineAt);
}

/** Exported names declared in two files or more, with these files. */
function namesTwice() {
  const places = new Map();
  for (const { name, names } of modules) {
    if (GENERATED.has(name)) continue;
    for (const exported of new Set(names)) places.set(exported, [...(places.get(exported) ?? []), name]); // overloads count once
  }
  return [...places].filter(([, at]) => at.length > 1).sort(([a], [b]) => a.localeCompare(b));
}

/** Tests in folders that no sources have, and tests named as a source that lies elsewhere in their room. */
function straysOfTests() {
  const folders = new Set([".", ...modules.map(({ name }) => dirname(name))]);
  const tests = existsSync(join(root, "test")) ? sourceFiles(join(root, "test")) : [];
  return tests
    .map((path) => relative(join(root, "test"), path))
    .flatMap((test) => {
      const folder = dirname(test);
      const room = test.split("/").slice(0, 2).join("/");
      if (!test.endsWith(".test.ts") || OTHER_TESTS.includes(room.split("/")[0])) return [];
      if (!folders.has(folder) && basename(folder) !== DIFFERENTIAL)
        return [`test/${test} is in a folder without sources`];
      const source = basename(test).replace(".test.ts", ".ts");
      const named = modules
        .map(({ name }) => name)
        .filter((name) => basename(name) === source && name.startsWith(room));
      return named.length === 0 || named.some((name) => dirname(name) === folder)
        ? []
        : [`test/${test} is not where src/${named[0]} is`];
    });
}

/** Exported names that stand nowhere else, not even in their own file. */
function unusedExports() {
  const counts = new Map();
  for (const { text } of modules)
    for (const [word] of text.matchAll(/[\w$]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return modules
    .filter(({ name }) => !GENERATED.has(name))
    .flatMap(({ name, names }) => names.filter((exported) => counts.get(exported) === 1).map((each) => [each, name]));
}

/** Files that do by hand what one file does for all. */
function doneByHand() {
  return modules.flatMap(({ name, text }) =>
    ONLY_THERE.filter(([pattern, place]) => name !== place && pattern.test(text)).map(
      ([, place, fault]) => `src/${name} ${fault} src/${place}`,
    ),
  );
}

function longFiles() {
  return modules.filter(({ name, lines }) => lines > MOST_LINES && !GENERATED.has(name));
}

/** Folders with more files than they may have, and how many. */
function wideFolders() {
  const counts = new Map();
  for (const { name } of modules) counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > MOST_FILES);
}

function check() {
  const faults = [
    ...namesTwice().map(([name, at]) => `${name} is declared in ${at.join(", ")}`),
    ...straysOfTests(),
    ...doneByHand(),
    ...unusedExports().map(([exported, name]) => `${exported} of src/${name} is used nowhere`),
    ...longFiles().map(({ name, lines }) => `src/${name} has ${lines} lines, over ${MOST_LINES}`),
    ...wideFolders().map(([folder, count]) => `src/${folder} has ${count} files, over ${MOST_FILES}`),
  ];
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exit(1);
}

function arrows() {
  const found = new Map();
  for (const { name, imports } of modules) {
    const from = roomOf(name);
    for (const to of imports.map(roomOf)) if (to !== from) found.set(`${from} -> ${to}`, [from, to]);
  }
  return [...found.values()];
}

/** Groups of files that import each other in a circle, by Tarjan's algorithm. */
function circles() {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const state = new Map();
  const stack = [];
  const found = [];
  const visit = (name) => {
    const mine = { index: state.size, low: state.size, open: true };
    state.set(name, mine);
    stack.push(name);
    for (const next of byName.get(name).imports) {
      if (!byName.has(next)) continue;
      const theirs = state.get(next) ?? visit(next);
      if (theirs.open) mine.low = Math.min(mine.low, theirs.low);
    }
    if (mine.low === mine.index) {
      const group = stack.splice(stack.indexOf(name));
      for (const member of group) state.get(member).open = false;
      if (group.length > 1) found.push(group);
    }
    return mine;
  };
  for (const { name } of modules) if (!state.has(name)) visit(name);
  return found;
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function measured(script, ...options) {
  try {
    const output = execFileSync(process.execPath, ["--import", "tsx", join(tools, script), root, ...options], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    return JSON.parse(output.trim().split("\n").at(-1));
  } catch {
    return {};
  }
}

/** The packages that a production install brings, the largest first, and their bytes. */
function installedPackages() {
  const listed = execFileSync("npm", ["ls", "--omit=dev", "--omit=optional", "--all", "--parseable"], {
    cwd: root,
    encoding: "utf8",
  });
  const folders = new Set(listed.split("\n").filter((path) => path.includes("node_modules")));
  const packages = [];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    let bytes = 0;
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      const parent = entry.parentPath ?? entry.path;
      const isOwn = !parent.slice(folder.length).includes("node_modules");
      if (entry.isFile() && isOwn) bytes += statSync(join(parent, entry.name)).size;
    }
    packages.push({ name: folder.split("node_modules/").at(-1), bytes });
  }
  return packages.sort((a, b) => b.bytes - a.bytes);
}

function installed() {
  const packages = installedPackages();
  const shown = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const largest = packages.slice(0, 5).map(({ name, bytes }) => `${name} ${shown(bytes)}`);
  return `${shown(packages.reduce((sum, { bytes }) => sum + bytes, 0))}, of it ${largest.join(", ")}`;
}

function importTime() {
  const entry = join(root, "dist/index.js");
  if (!existsSync(entry)) return "not built";
  const code = `const t = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - t)`;
  const times = Array.from({ length: 7 }, () =>
    Number(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" })),
  );
  return `${Math.round(quantile(times, 0.5))} ms (median of ${times.length})`;
}

function report() {
  const lines = modules.flatMap(({ functions }) => functions);
  const between = arrows();
  const upward = between.filter(([from, to]) => !allowedArrows[from]?.includes(to));
  const round = circles();
  const twice = namesTwice();
  const loaded = measured("modules-run.mjs");
  const rows = {
    rooms: new Set(modules.map(({ name }) => roomOf(name))).size,
    "arrows between rooms": between.length,
    "upward arrows": list(upward.map(([from, to]) => `${from} -> ${to}`)),
    "circles (types included)": list(round.map((held) => held.join(" "))),
    "exported names declared twice": list(twice.map(([name]) => name)),
    "exported names used nowhere": list(unusedExports().map(([exported]) => exported)),
    "tests apart from their sources": list(straysOfTests()),
    files: modules.length,
    [`files over ${MOST_LINES} lines`]: list(longFiles().map(({ name, lines }) => `${name} ${lines}`)),
    [`folders over ${MOST_FILES} files`]: list(wideFolders().map(([folder, count]) => `${folder} ${count}`)),
    functions: `${lines.length}, lines: median ${quantile(lines, 0.5)}, 90th percentile ${quantile(lines, 0.9)}`,
    "modules that run in a small read": loaded.read ?? "not measured",
    "modules that run in an upload": loaded.upload ?? "not measured",
    "production packages": installed(),
    "import time": importTime(),
  };
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(34)}${value}`);
}

function list(found) {
  return found.length === 0 ? "0" : `${found.length}: ${found.join(", ")}`;
}
