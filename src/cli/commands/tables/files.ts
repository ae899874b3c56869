/** `omero2frame files`: what is attached to objects, tables and other files, as files. */
import type { Command } from "commander";
import { TABLE_MIMETYPE } from "../../../columns/table.js";
import { invalidArgument } from "../../../errors.js";
import type { Attachment } from "../../../gateway/attachments.js";
import { serverFile, tableName } from "../../naming/table-name.js";
import { connectionOf, type ServerFlags, withServer } from "../../options/connection.js";
import {
  type JsonFlag,
  jsonOption,
  type LinkArguments,
  openedTable,
  type TableOptions,
  withLinks,
} from "../../options/tables.js";
import { objectLink, positive } from "../../options/values.js";
import { counted, print, printColumns, printJson, tellFile, visibleLine, warn, withBar } from "../../output.js";
import type { TextColumn } from "../../shown/text-table.js";

/** Which of an object's attachments are meant. */
interface AttachmentFlags {
  readonly namespace?: string;
  readonly name?: string;
}

interface ListFlags extends ServerFlags, JsonFlag, AttachmentFlags {
  readonly tables: boolean;
}

export function addFiles(root: Command, signal: AbortSignal): void {
  const files = root.command("files").description("list, fetch and attach files");
  attachmentOptions(jsonOption(withServer(files.command("ls"))))
    .description("list what is attached to an object")
    .argument("<object>", "for example Image:5", objectLink)
    .option("--tables", "only tables", false)
    .action(async ([parentType, parentId]: [string, bigint], options: ListFlags) => {
      const { listFiles } = await import("../../../gateway/files/attached-file.js");
      const { namespace, name } = options;
      const found = await listFiles({ ...connectionOf(options), parentType, parentId, namespace, name, signal });
      const shown = options.tables ? found.filter(({ mimetype }) => mimetype === TABLE_MIMETYPE) : found;
      printFiles(shown, options);
    });
  addGet(files, signal);
  addPut(files, signal);
}

function attachmentOptions(command: Command): Command {
  return command
    .option("--namespace <text>", "only with an annotation of this namespace")
    .option("--name <text>", "only of this name");
}

interface GetFlags extends TableOptions, JsonFlag, AttachmentFlags {
  readonly overwrite: boolean;
  readonly chunkSize?: number;
}

function addGet(files: Command, signal: AbortSignal): void {
  attachmentOptions(jsonOption(openedTable(files.command("get"))))
    .description("download a file as it is; what was interrupted goes on where it stopped")
    .usage("[options] [file] <target>")
    .argument(
      "<names...>",
      "the file, as 402, Annotation:142 or Image:5 (the only one on it), unless options name it, and the path of the file to make; - is standard output",
    )
    .option("--chunk-size <bytes>", "bytes a request (1 MiB)", positive)
    .option("--overwrite", "replace the file if it exists", false)
    .action(async (names: string[], options: GetFlags) => {
      const [targetPath, file, ...more] = names.toReversed();
      if (more.length > 0)
        throw invalidArgument(`give a file and a target; there are ${counted(names.length, "argument")}`);
      const { downloadFile } = await import("../../../gateway/files/attached-file.js");
      const { overwrite, chunkSize, namespace, name } = options;
      const named = serverFile(file === undefined ? undefined : tableName(file), options);
      const source = named.parentId === undefined ? named : { ...named, namespace, name };
      const target = { targetPath: targetPath!, overwrite, chunkSize, signal };
      const bytes = await withBar("downloading", (onProgress) => downloadFile({ ...source, ...target, onProgress }));
      tellFile(counted(bytes, "byte"), { path: targetPath!, bytes }, options);
    });
}

interface PutFlags extends ServerFlags, LinkArguments, JsonFlag {
  readonly name?: string;
  readonly mimetype?: string;
  readonly namespace?: string;
  readonly description?: string;
  readonly chunkSize?: number;
}

function addPut(files: Command, signal: AbortSignal): void {
  jsonOption(withLinks(withServer(files.command("put"))))
    .description("attach a file as it is")
    .argument("<source>", "path of the file")
    .option("--name <name>", "its name on the server; that of the file without it")
    .option("--mimetype <type>", "its media type; by the ending of its name without it")
    .option("--namespace <text>", "of the annotation, by which programs find it")
    .option("--description <text>", "of the annotation")
    .option("--chunk-size <bytes>", "bytes a call (4 MiB)", positive)
    .action(async (path: string, options: PutFlags) => {
      const { uploadFile } = await import("../../../gateway/files/upload-file.js");
      const { link: links, name, mimetype, namespace, description, chunkSize } = options;
      const file = { ...connectionOf(options), links, name, mimetype, namespace, description, chunkSize, signal };
      const stored = await withBar("uploading", (onProgress) =>
        uploadFile(path, { ...file, onProgress, onWarning: warn }),
      );
      if (options.json) printJson(stored);
      else print(`annotation ${stored.annotationId}, file ${stored.fileId}`);
    });
}

export function printFiles(files: readonly Attachment[], { json }: JsonFlag): void {
  if (json) for (const file of files) printJson(file);
  else printColumns(fileColumns(files));
}

function fileColumns(files: readonly Attachment[]): TextColumn[] {
  return [
    { heading: "annotation", cells: files.map(({ annotationId }) => String(annotationId)), isNumeric: true },
    { heading: "file", cells: files.map(({ fileId }) => String(fileId)), isNumeric: true },
    { heading: "name", cells: files.map(({ name }) => visibleLine(name)) },
    { heading: "bytes", cells: files.map(({ size }) => String(size ?? "")), isNumeric: true },
    { heading: "type", cells: files.map(({ mimetype }) => visibleLine(mimetype)) },
    { heading: "namespace", cells: files.map(({ namespace }) => visibleLine(namespace ?? "")) },
  ];
}
