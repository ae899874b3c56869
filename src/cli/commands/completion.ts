/** `omero2frame completion`: what a shell needs to complete commands and options. */
import { Argument, type Command } from "commander";
import { invalidArgument } from "../../errors.js";
import { commandsOf, pathOf } from "../command-tree.js";
import { type JsonFlag, jsonOption } from "../options/tables.js";
import { printJson } from "../output.js";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

export function addCompletion(root: Command): void {
  jsonOption(root.command("completion"))
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("[shell]", "which shell").choices([...SHELLS]))
    .addHelpText(
      "after",
      `
In ~/.bashrc: source <(omero2frame completion bash)
In ~/.zshrc: source <(omero2frame completion zsh)
In fish: omero2frame completion fish > ~/.config/fish/completions/omero2frame.fish
With --json it tells of all commands, one a line: arguments, options, what they are for.`,
    )
    .action((shell: Shell | undefined, { json }: JsonFlag) => {
      if (json) for (const command of commandsOf(root)) printJson(jsonOf(command));
      else if (shell !== undefined) process.stdout.write(SCRIPTS[shell](root));
      else throw invalidArgument(`say which shell: ${SHELLS.join(", ")}`);
    });
}

const SCRIPTS: Readonly<Record<Shell, (root: Command) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** What a program that completes commands by itself needs to know of one. */
function jsonOf(command: Command): object {
  return {
    command: pathOf(command),
    aliases: command.aliases(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      required: argument.required,
      variadic: argument.variadic,
      choices: argument.argChoices,
    })),
    options: command.options.map((option) => ({
      flags: option.flags,
      description: option.description,
      required: option.mandatory,
      variadic: option.variadic,
      choices: option.argChoices,
    })),
  };
}

/** Words that may follow each command: commands below it and its options. */
function wordsByCommand(root: Command): [path: string, words: string[]][] {
  return commandsOf(root).map((command) => [
    pathOf(command),
    [...namesBelow(command), ...choicesOf(command), ...optionsOf(command)],
  ]);
}

function namesBelow(command: Command): string[] {
  return command.commands.map((below) => below.name());
}

/** Words that an argument or option is chosen of. */
function choicesOf(command: Command): string[] {
  return command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

function optionsOf(command: Command): string[] {
  const flags = command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
  return [...flags, "--help"];
}

function bashScript(root: Command): string {
  const cases = wordsByCommand(root).map(([path, words]) => `    "${path}") words="${words.join(" ")}" ;;`);
  return `_omero2frame() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="omero2frame" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${commandsOf(root)
  .slice(1)
  .map((command) => `      "${pathOf(command)}") path="${pathOf(command)}" ;;`)
  .join("\n")}
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _omero2frame omero2frame
`;
}

function zshScript(root: Command): string {
  return `#compdef omero2frame
autoload -U +X bashcompinit && bashcompinit
${bashScript(root)}`;
}

function fishScript(root: Command): string {
  const lines = ["complete -c omero2frame -f"];
  for (const command of commandsOf(root)) {
    const seen = pathOf(command).split(" ").slice(1);
    const condition =
      seen.length === 0
        ? "__fish_use_subcommand"
        : seen.map((name) => `__fish_seen_subcommand_from ${name}`).join("; and ");
    for (const below of command.commands)
      lines.push(`complete -c omero2frame -n '${condition}' -a ${below.name()} -d ${quoted(below.description())}`);
    for (const { long, short, description } of command.options) {
      const flags = [long ? `-l ${long.slice(2)}` : "", short ? `-s ${short.slice(1)}` : ""].filter(Boolean).join(" ");
      lines.push(`complete -c omero2frame -n '${condition}' ${flags} -d ${quoted(description)} -F`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
