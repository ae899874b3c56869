import type { OriginalFile as FileModel } from "../../connect/ice/schema/omero.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { DEFAULT_CHUNK_BYTES, inFlight } from "../files/attached-file.js";
import { openFile } from "../files/raw-file.js";
import { dateOf, optionalText, textIn } from "../plain-values.js";
import type { LoadOptions } from "./omero-object.js";

/** How a file's content is read. */
export interface FileChunksOptions extends LoadOptions {
  /** Bytes a call. Default 1 MiB; several calls are in flight. */
  readonly chunkSize?: number | undefined;
}

const FILE_CHUNKS_OPTIONS: OptionNames<FileChunksOptions> = { chunkSize: true, signal: true };

/** A file that OMERO keeps: an attachment, a table, or what an image was imported from. */
export class OriginalFile extends AnnotatedObject<FileModel> {
  /** Its name, without a folder. */
  get name(): string {
    return textIn(this.model.name);
  }
  /** Folder it came from, or lies in. */
  get path(): string {
    return textIn(this.model.path);
  }
  /** Bytes, as far as the server has noted them. */
  get size(): number | undefined {
    return this.model.size ? Number(this.model.size.val) : undefined;
  }
  /** Media type, for example `text/csv`; `OMERO.tables` for tables. */
  get mimetype(): string {
    return textIn(this.model.mimetype);
  }
  /** Checksum of the content, in hexadecimal. */
  get hash(): string | undefined {
    return optionalText(this.model.hash);
  }
  /** How the checksum was made, for example `SHA1-160`. */
  get hasher(): string | undefined {
    return optionalText(this.model.hasher?.value);
  }
  /** When its content was changed last, where the server knows. */
  get changedAt(): Date | undefined {
    return dateOf(this.model.mtime);
  }

  /** The content, in chunks of equal size and a last one; memory stays bounded however large it is. */
  async *chunks(options: FileChunksOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    checkOptions(options, FILE_CHUNKS_OPTIONS, "chunks");
    const { chunkSize = DEFAULT_CHUNK_BYTES, signal } = options;
    await using remote = await openFile(this.connection, { fileId: this.id }, { signal });
    yield* remote.blocks({ start: 0, blockSize: chunkSize, inFlight: inFlight(chunkSize), signal });
  }

  /** The content as one array. */
  async bytes(options: FileChunksOptions = {}): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.chunks(options)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** The content as text in UTF-8. */
  async text(options: FileChunksOptions = {}): Promise<string> {
    return new TextDecoder().decode(await this.bytes(options));
  }
}
