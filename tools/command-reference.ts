/**
 * Writes docs/commands.md from the commands themselves.
 *
 * @example npx tsx tools/command-reference.ts
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command, Option } from "commander";
import { commandsOf, pathOf } from "../src/cli/command-tree.js";
import { CONNECTION_GROUP } from "../src/cli/options/connection.js";
import { program } from "../src/cli/program.js";

export const REFERENCE = fileURLToPath(new URL("../docs/commands.md", import.meta.url));

const HEAD = `# Commands

Made from the commands themselves by \`npm run commands\`.

A table is named by the id of its file (\`402\`), by \`Annotation:142\`, by the object whose only table it is (\`Image:5\`), by the address that a
browser has of it in OMERO.web, or it is a file of this machine (\`cells.parquet\`; \`./402\` for a file of such a name). Lists are written with
commas, or the option is given again. \`-\` is standard input or output. On a terminal rows stand in columns that fit it, elsewhere with tabs between.
Times are \`500ms\`, \`30s\`, \`2min\`, \`1h\`, or seconds. The options of the functions are these in kebab case; those that are called
otherwise here (\`--columns\`, \`--column-type\`, \`--user\`, \`--link\`) are understood under both names.

Who logs in, and where, is looked for in options, the environment (\`OMERO_HOST\`, \`OMERO_USER\`, \`OMERO_PASSWORD\`, ...), the sessions of
\`omero2frame login\` and \`omero login\`, and asked for on a terminal. Profiles are in \`~/.config/omero2frame/config.json\`
(or the file of \`OMERO2FRAME_CONFIG\`), and hold no password:

\`\`\`json
{ "default": "lab", "profiles": { "lab": { "server": "omero.example.org", "user": "ann", "group": "cells" } } }
\`\`\`

## JSON

With \`--json\` every line of standard output is one JSON object: one for each row, object, file or column of a listing, else one that tells of the
result. Integers are written in full, also where a reader that knows 64-bit floats alone would round them; NaN is \`null\`; what a terminal would act on
is escaped. Where standard output is the file (\`-\`), the result is told on standard error. A failure is one line of standard error:
\`{"error":{"code":"NOT_FOUND","message":"..."}}\`, with the codes of [errors](errors.md); the exit code is the same as without.

| exit code | |
| --- | --- |
| 0 | done |
| 1 | it failed; nothing is half-made |
| 2 | the command line makes no sense |
| 3 | of several files some were not stored |
| 4 | nobody could be logged in |
| 128 + n | signal n has stopped it; 130 is Ctrl-C, 141 that nobody read the output any more |
`;

/** The text of docs/commands.md. */
export function commandReference(): string {
  const commands = commandsOf(program(new AbortController().signal)).filter(({ commands }) => commands.length === 0);
  return [HEAD, connectionSection(commands), ...commands.map(section)].join("\n");
}

/** What all commands for servers share is told once. */
function connectionSection(commands: readonly Command[]): string {
  const [first] = commands.filter((command) => command.options.some(isShared));
  const options = first!.options.filter(isShared);
  const text = "Commands that speak to a server have these options, which are told here alone.";
  return ["## Connection", "", text, "", ...table(options.map((option) => optionRow(first!, option)))].join("\n");
}

const isShared = ({ helpGroupHeading }: Option) => helpGroupHeading === CONNECTION_GROUP;

function section(command: Command): string {
  const help = command.createHelp();
  const others = command.aliases().length === 0 ? "" : ` It is called \`${command.aliases().join("`, `")}\`, too.`;
  const own = help.visibleOptions(command).filter((option) => !isShared(option) && option.long !== "--help");
  const speaks = command.options.some(isShared) ? ["", "And [those of the connection](#connection).", ""] : [""];
  const rows = [
    ...help.visibleArguments(command).map((one) => [`<${one.name()}>`, help.argumentDescription(one)] as const),
    ...own.map((option) => optionRow(command, option)),
  ];
  const usage = `\`${help.commandUsage(command).split("|")[0]!}${usageRest(help.commandUsage(command))}\``;
  return [
    `## ${pathOf(command)}`,
    "",
    sentence(command.description()) + others,
    "",
    usage,
    "",
    ...table(rows).slice(0, -1),
    ...speaks,
  ].join("\n");
}

/** What follows a command's name where it has another one, too. */
function usageRest(usage: string): string {
  return /\|\S+(.*)/.exec(usage)?.[1] ?? "";
}

type Row = readonly [term: string, text: string];

function optionRow(command: Command, option: Option): Row {
  const help = command.createHelp();
  return [help.optionTerm(option), help.optionDescription(option)];
}

function table(rows: readonly Row[]): string[] {
  const lines = rows.map(([term, text]) => `| \`${term}\` | ${text.replaceAll("|", "\\|")} |`);
  return ["| | |", "| --- | --- |", ...lines, ""];
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(REFERENCE, commandReference());
