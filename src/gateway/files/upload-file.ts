/** Attaching files: any file's bytes, stored and linked to objects. */
import { basename } from "node:path";
import type { OnProgress } from "../../columns/table.js";
import {
  CONNECTION_OPTIONS,
  type ConnectionOption,
  checkConnectionOption,
  withConnection,
} from "../../connect/connection-option.js";
import type { OmeroConnection } from "../../connect/index.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { watchingCallbacks } from "../../flow/callbacks.js";
import { LocalFile } from "../../flow/files/local-file.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { emitWarning, type OnWarning } from "../../flow/warnings.js";
import { ANNOTATION_OPTIONS, type AnnotationText, attachFile } from "../attachments.js";
import type { LinkTarget } from "../links.js";
import { checkLinkTargets, LINK_OPTIONS, type LinkOptions, linkTargets } from "../links.js";
import { FileCreation } from "./file-creation.js";
import { mimetypeOf } from "./mimetypes.js";
import { createFile, type RemoteFile } from "./raw-file.js";
import { storeContent } from "./store-content.js";
import { undo, uploadFailure } from "./upload-failure.js";

/** What to attach a file to, and how. */
export interface UploadFileOptions extends ConnectionOption, LinkOptions, AnnotationText {
  /** Name on the server. Default: that of the file. */
  readonly name?: string | undefined;
  /** Media type. Default: by the name's ending, else `application/octet-stream`. */
  readonly mimetype?: string | undefined;
  /** Bytes a call. Default 4 MiB. */
  readonly chunkSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of bytes sent. */
  readonly onProgress?: OnProgress | undefined;
  /** Told of what is unusual. Default: `process.emitWarning`. */
  readonly onWarning?: OnWarning | undefined;
}

const UPLOAD_FILE_OPTIONS: OptionNames<UploadFileOptions> = {
  ...CONNECTION_OPTIONS,
  ...LINK_OPTIONS,
  ...ANNOTATION_OPTIONS,
  name: true,
  mimetype: true,
  chunkSize: true,
  onProgress: true,
  onWarning: true,
};

/** What an upload made. */
export interface UploadedFile {
  /** Id of the FileAnnotation. */
  readonly annotationId: number;
  /** Id of the OriginalFile. */
  readonly fileId: number;
  /** Bytes. */
  readonly size: number;
  /** SHA-1 in hexadecimal. */
  readonly sha1: string;
}

/**
 * Stores a file of this machine and attaches it to objects, as `uploadTable` does with tables. The server's checksum is
 * compared with ours. After a failure nothing of it is left.
 *
 * @throws FileError `CANNOT_READ_FILE`; ArgumentError `INVALID_ARGUMENT`; TableError `NOT_FOUND`, `NOT_PERMITTED` for an object to attach
 * to: nothing was made
 * @throws TableError `UPLOAD_FAILED` with `cause`; AbortError
 *
 * @example
 * ```ts
 * const { annotationId } = await uploadFile("report.pdf", { connection, parentId: 142 });
 * ```
 */
export async function uploadFile(path: string | URL, options: UploadFileOptions): Promise<UploadedFile> {
  checkOptions(options, UPLOAD_FILE_OPTIONS, "uploadFile");
  return watchingCallbacks(options, (watched) => upload(path, watched));
}

async function upload(path: string | URL, options: UploadFileOptions): Promise<UploadedFile> {
  const targets = linkTargets(options);
  checkConnectionOption(options);
  checkChunk(options.chunkSize);
  throwIfAborted(options.signal, "uploadFile");
  const local = await LocalFile.open(path);
  try {
    return await withConnection(options, async (connection) => {
      const group = await checkLinkTargets(connection, targets, options.onWarning ?? emitWarning, options.signal);
      return new FileUpload(connection, group, targets, local, options).run();
    });
  } finally {
    await local.close();
  }
}

function checkChunk(bytes: number | undefined): void {
  if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 1)) return;
  throw new ArgumentError("INVALID_ARGUMENT", `chunkSize ${String(bytes)} must be a whole number of bytes, from 1`);
}

class FileUpload {
  readonly #connection: OmeroConnection;
  readonly #group: number;
  readonly #targets: readonly LinkTarget[];
  readonly #local: LocalFile;
  readonly #options: UploadFileOptions;
  readonly #creation: FileCreation<RemoteFile>;
  readonly #name: string;

  constructor(
    connection: OmeroConnection,
    group: number,
    targets: readonly LinkTarget[],
    local: LocalFile,
    options: UploadFileOptions,
  ) {
    this.#connection = connection;
    this.#group = group;
    this.#targets = targets;
    this.#local = local;
    this.#options = options;
    this.#name = options.name ?? basename(local.path);
    const { mimetype = mimetypeOf(this.#name) } = options;
    const create = () => createFile(connection, { name: this.#name, mimetype, group });
    this.#creation = new FileCreation(connection, {
      name: this.#name,
      mimetype,
      group,
      functionName: "uploadFile",
      create,
    });
  }

  async run(): Promise<UploadedFile> {
    const { signal } = this.#options;
    try {
      const file = await this.#creation.create(signal);
      const stored = await storeContent(file, this.#local, this.#options);
      const annotationId = await attachFile(
        this.#connection,
        file.file.id,
        this.#targets,
        this.#group,
        this.#options,
        signal,
      );
      return { annotationId, fileId: file.file.id, ...stored };
    } catch (error) {
      await this.#creation.created?.close();
      const remains = await undo(this.#connection, this.#creation, this.#group);
      throw uploadFailure(error, remains, { functionName: "uploadFile", uploadName: `File "${this.#name}"`, signal });
    } finally {
      this.#creation.done();
    }
  }
}
