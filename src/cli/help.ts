/** How help looks: what is a command's own comes first, what all commands share last. */
import { type Command, Help, type HelpConfiguration, type Option } from "commander";
import { CONNECTION_GROUP } from "./options/connection.js";

const LAST_GROUPS = ["Table:", "How a CSV is written:", "OMERO Plus:", "Behaviour and limits:", CONNECTION_GROUP];
const usual = new Help();

export const HELP: HelpConfiguration = {
  groupItems<Item extends Command | Option>(_: Item[], visible: Item[], groupOf: (item: Item) => string) {
    const groups = new Map<string, Item[]>();
    for (const item of visible) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item]);
    return new Map([...groups].sort(([one], [other]) => LAST_GROUPS.indexOf(one) - LAST_GROUPS.indexOf(other)));
  },
  subcommandTerm: (command) => command.name(),
  optionDescription: (option) => usual.optionDescription(option).replace(/ ?\(default: false\)$/, ""),
};
