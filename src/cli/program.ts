/** The commands of `omero2frame`, each a thin cover over one public function. */
import { Command } from "commander";
import { addAppend } from "./commands/append.js";
import { addClean } from "./commands/clean.js";
import { addColumns } from "./commands/columns.js";
import { addCreateTileDB } from "./commands/create-tiledb.js";
import { addDelete } from "./commands/delete.js";
import { addDownload } from "./commands/download.js";
import { addHead } from "./commands/head.js";
import { addRender } from "./commands/images/render.js";
import { addRois } from "./commands/images/rois.js";
import { addAnnotate, addTag } from "./commands/objects/annotate.js";
import { addInfo } from "./commands/objects/info.js";
import { addLs } from "./commands/objects/ls.js";
import { addRegister } from "./commands/register.js";
import { addScan } from "./commands/scan.js";
import { addServe } from "./commands/serve.js";
import { addStore } from "./commands/store/store.js";
import { addUpload } from "./commands/upload.js";
import { withoutOptionValue } from "./output.js";
import { readSessionKey } from "./session-key.js";

const COMMANDS = [
  addColumns,
  addHead,
  addDownload,
  addUpload,
  addAppend,
  addDelete,
  addClean,
  addCreateTileDB,
  addLs,
  addInfo,
  addTag,
  addAnnotate,
  addRegister,
  addRender,
  addRois,
  addServe,
  addScan,
  addStore,
];

/** @param signal ends the command. */
export function program(signal: AbortSignal): Command {
  const root = new Command("omero2frame")
    .description(
      "OMERO.tables as files: read, filter, download, upload; and the images and other objects they speak of. Passwords come from OMERO_PASSWORD or a prompt.",
    )
    .configureOutput({ outputError: (text, write) => write(withoutOptionValue(text)) })
    .showHelpAfterError()
    .hook("preAction", async (_root, command) => {
      const { sessionKeyFile } = command.opts<{ sessionKeyFile?: string }>();
      if (sessionKeyFile !== undefined) command.setOptionValue("sessionKey", await readSessionKey(sessionKeyFile));
    });
  for (const addTo of COMMANDS) addTo(root, signal);
  return root;
}
