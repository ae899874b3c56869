/**
 * Writes docs/commands.md from the commands themselves.
 *
 * @example npx tsx tools/command-reference.ts
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { commandsOf, pathOf } from "../src/cli/command-tree.js";
import { program } from "../src/cli/program.js";

export const REFERENCE = fileURLToPath(new URL("../docs/commands.md", import.meta.url));

const HEAD = `# Commands

Made from the commands themselves by \`npm run commands\`.

A table is named by the id of its file (\`402\`), by \`Annotation:142\`, by the address that a browser has of it in OMERO.web, or it is a file
of this machine (\`cells.parquet\`). Lists are written with commas, or the option is given again. \`-\` is standard input or output.
On a terminal rows stand in columns that fit it; elsewhere with tabs between, and \`--json\` gives int64 in full.

Who logs in, and where, is looked for in options, the environment (\`OMERO_HOST\`, \`OMERO_USER\`, \`OMERO_PASSWORD\`, ...), the sessions of
\`omero2frame login\` and \`omero login\`, and asked for on a terminal. Profiles are in \`~/.config/omero2frame/config.json\`
(or the file of \`OMERO2FRAME_CONFIG\`), and hold no password:

\`\`\`json
{ "default": "lab", "profiles": { "lab": { "server": "omero.example.org", "user": "ann", "group": "cells" } } }
\`\`\`

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
  return [HEAD, ...commands.map(section)].join("\n");
}

function section(command: Command): string {
  const help = command.createHelp();
  const lines = [
    `## ${pathOf(command)}`,
    "",
    `${sentence(command.description())}`,
    "",
    `\`${help.commandUsage(command)}\``,
    "",
  ];
  const terms = [
    ...help.visibleArguments(command).map((argument) => [`<${argument.name()}>`, help.argumentDescription(argument)]),
    ...help.visibleOptions(command).map((option) => [help.optionTerm(option), help.optionDescription(option)]),
  ];
  const rows = terms.map(([term, text]) => `| \`${term}\` | ${text!.replaceAll("|", "\\|")} |`);
  return [...lines, "| | |", "| --- | --- |", ...rows, ""].join("\n");
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(REFERENCE, commandReference());
