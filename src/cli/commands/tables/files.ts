/** `omero2frame files`: what is attached to objects, tables and other files, as files. */
import type { Command } from "commander";
import { TABLE_MIMETYPE } from "../../../columns/table.js";
import type { Attachment } from "../../../gateway/attachments.js";
import {
  connectionOf,
  type JsonFlag,
  jsonOption,
  type LinkArguments,
  objectLink,
  openedTable,
  type ServerFlags,
  type TableOptions,
  tableOf,
  withLinks,
  withServer,
} from "../../options.js";
import { counted, print, printColumns, printJson, visibleLine, withBar } from "../../output.js";
import type { TextColumn } from "../../shown/text-table.js";

interface ListFlags extends ServerFlags, JsonFlag {
  readonly tables: boolean;
}

export function addFiles(root: Command, signal: AbortSignal): void {
  const files = root.command("files").description("list, fetch and attach files");
  jsonOption(withServer(files.command("ls")))
    .description("list what is attached to an object")
    .argument("<object>", "for example Image:5", objectLink)
    .option("--tables", "only tables", false)
    .action(async ([parentType, parentId]: [string, bigint], options: ListFlags) => {
      const { listFiles } = await import("../../../gateway/files/attached-file.js");
      const found = await listFiles({ ...connectionOf(options), parentType, parentId, signal });
      const shown = options.tables ? found.filter(({ mimetype }) => mimetype === TABLE_MIMETYPE) : found;
      printFiles(shown, options);
    });
  addGet(files, signal);
  addPut(files, signal);
}

function addGet(files: Command, signal: AbortSignal): void {
  jsonOption(openedTable(files.command("get")))
    .description("download a file as it is; what was interrupted goes on where it stopped")
    .argument("<target>", "path of the file to make; - is standard output")
    .option("--overwrite", "replace the file if it exists", false)
    .action(async (targetPath: string, options: TableOptions & JsonFlag & { overwrite: boolean }) => {
      const { downloadFile } = await import("../../../gateway/files/attached-file.js");
      const target = { ...tableOf(options), targetPath, overwrite: options.overwrite, signal };
      const bytes = await withBar("downloading", (onProgress) => downloadFile({ ...target, onProgress }));
      if (targetPath === "-") return;
      if (options.json) printJson({ path: targetPath, bytes });
      else print(`${counted(bytes, "byte")} in ${targetPath}`);
    });
}

interface PutFlags extends ServerFlags, LinkArguments, JsonFlag {
  readonly namespace?: string;
  readonly description?: string;
}

function addPut(files: Command, signal: AbortSignal): void {
  jsonOption(withLinks(withServer(files.command("put"))))
    .description("attach a file as it is")
    .argument("<source>", "path of the file")
    .option("--namespace <text>", "of the annotation, by which programs find it")
    .option("--description <text>", "of the annotation")
    .action(async (path: string, options: PutFlags) => {
      const { uploadFile } = await import("../../../gateway/files/upload-file.js");
      const { link: links, namespace, description } = options;
      const stored = await withBar("uploading", (onProgress) =>
        uploadFile(path, { ...connectionOf(options), links, namespace, description, signal, onProgress }),
      );
      if (options.json) printJson(stored);
      else print(`annotation ${stored.annotationId}, file ${stored.fileId}`);
    });
}

export function printFiles(files: readonly Attachment[], { json }: JsonFlag): void {
  if (json) printJson(files);
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
