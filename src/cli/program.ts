/** The commands of `omero2frame`, each a thin cover over one public function. */
import { createRequire } from "node:module";
import { Command } from "commander";
import { commandsOf, pathOf } from "./command-tree.js";
import { addClean } from "./commands/clean.js";
import { addCompletion } from "./commands/completion.js";
import { addCsv } from "./commands/csv.js";
import { addRender } from "./commands/images/render.js";
import { addRois } from "./commands/images/rois.js";
import { addJobs } from "./commands/jobs/jobs.js";
import { addAnnotate, addTag } from "./commands/objects/annotate.js";
import { addInfo } from "./commands/objects/info.js";
import { addLs } from "./commands/objects/ls.js";
import { addRegister } from "./commands/register.js";
import { addScan } from "./commands/scan.js";
import { addServe } from "./commands/serve.js";
import { addServeFlight } from "./commands/serve-flight.js";
import { addLogin, addLogout, addSessions } from "./commands/sessions/sessions.js";
import { addStore } from "./commands/store/store.js";
import { addAppend } from "./commands/tables/append.js";
import { addColumns } from "./commands/tables/columns.js";
import { addCopy } from "./commands/tables/copy.js";
import { addDelete } from "./commands/tables/delete.js";
import { addDescribe } from "./commands/tables/describe.js";
import { addDownload } from "./commands/tables/download.js";
import { addFiles } from "./commands/tables/files.js";
import { addMetadata } from "./commands/tables/metadata.js";
import { addOpen } from "./commands/tables/open.js";
import { addPlot } from "./commands/tables/plot.js";
import { addHead, addQuery, addSample, addTail } from "./commands/tables/rows.js";
import { addSql } from "./commands/tables/sql.js";
import { addUpdate } from "./commands/tables/update.js";
import { addView } from "./commands/tables/view.js";
import { addTileDB } from "./commands/tiledb.js";
import { addUpload } from "./commands/upload/upload.js";
import { HELP } from "./help.js";
import { applyProfile } from "./naming/profile.js";
import { usageFault, usageFaultLine } from "./output.js";
import { readSessionKey } from "./session-key.js";

type AddCommand = (root: Command, signal: AbortSignal) => void;

/** Commands by what they are for, in the order in which help lists them. */
const COMMANDS: Readonly<Record<string, readonly AddCommand[]>> = {
  "Sessions:": [addLogin, addLogout, addSessions],
  "Find:": [addInfo, addLs, addOpen],
  "Look at tables:": [addColumns, addHead, addTail, addSample, addQuery, addDescribe, addPlot, addView, addSql],
  "Tables from and to files:": [
    addDownload,
    addUpload,
    addAppend,
    addUpdate,
    addMetadata,
    addCopy,
    addDelete,
    addClean,
  ],
  "Files:": [addCsv, addFiles, addTileDB, addRegister],
  "Objects and images:": [addTag, addAnnotate, addRender, addRois],
  "Beyond one command:": [addServe, addServeFlight, addScan, addJobs, addStore, addCompletion],
};

/** Which command runs, in the words by which it is called, and for whom. */
export interface RunningCommand {
  command: string;
  json: boolean;
}

const { version } = createRequire(import.meta.url)("omero2frame/package.json") as { version: string };

/** @param signal ends the command. @param running is told which command it is */
export function program(
  signal: AbortSignal,
  running: RunningCommand = { command: "omero2frame", json: false },
): Command {
  const root = new Command("omero2frame")
    .description(
      "OMERO.tables as files: read, filter, download, upload; and the images and other objects they speak of. Passwords come from OMERO_PASSWORD or a prompt.",
    )
    .version(version)
    .configureHelp(HELP)
    .exitOverride()
    .hook("preAction", async (_root, command) => {
      running.command = pathOf(command);
      await applyProfile(command, process.env);
      const { sessionKeyFile } = command.opts<{ sessionKeyFile?: string }>();
      if (sessionKeyFile !== undefined) command.setOptionValue("sessionKey", await readSessionKey(sessionKeyFile));
    });
  for (const [group, commands] of Object.entries(COMMANDS)) {
    root.commandsGroup(group);
    for (const addTo of commands) addTo(root, signal);
  }
  for (const command of commandsOf(root)) tellFaultsShortly(command, running);
  return root;
}

function tellFaultsShortly(command: Command, running: RunningCommand): void {
  const outputError = (text: string, write: (text: string) => void) =>
    write(running.json ? usageFaultLine(text, pathOf(command)) : usageFault(text, pathOf(command)));
  command.exitOverride().configureOutput({ outputError });
}
