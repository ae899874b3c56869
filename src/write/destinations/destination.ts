/** Where an upload goes: chosen once, by what the options ask for. */

import type { OnProgress } from "../../columns/table.js";
import type { ConnectionOption } from "../../connect/connection-option.js";
import type { OnWarning } from "../../flow/warnings.js";
import type { RowSource } from "../../formats/open-source.js";
import type { LinkOptions, LinkTarget } from "../../gateway/links.js";
import type { SourceChoice } from "../source-choice.js";

export interface Destination {
  /** Makes the table of the rows, whole and attached; after a failure nothing of it is left that the error does not name. */
  upload(source: RowSource): Promise<UploadResult>;
}

/** What an upload made. */
export interface UploadResult {
  /** Of the FileAnnotation that attaches the table. */
  readonly annotationId: number;
  /** Of the table's OriginalFile. */
  readonly fileId: number;
  /** Rows stored. */
  readonly rowCount: number;
  /** Of a table that was split: all its parts, of which the ids above are the first's. */
  readonly parts?: readonly { readonly annotationId: number; readonly fileId: number }[] | undefined;
  /** Tables that were removed for it, where `replace` was asked for. */
  readonly replaced?: readonly ReplacedTable[];
}

/** A table that another took the place of. */
export interface ReplacedTable {
  /** Of the FileAnnotation that attached it. */
  readonly annotationId: number;
  /** Of its OriginalFile. */
  readonly fileId: number;
}

/** What all destinations take. */
export interface CommonUploadOptions extends ConnectionOption, LinkOptions, SourceChoice {
  /**
   * Whether names of wells ("A1"), plates, datasets, images and regions of interest become their ids, as
   * `omero metadata populate` makes them. They are looked for below the first object to attach to: a Screen, Plate,
   * Project, Dataset or Image. Columns of text named Well, Plate, Dataset, Image or Roi (or "Well Name", "Plate Name",
   * "Image Name", "Roi Name"), and those that `columnTypes` or omero-metadata's `# header` line says hold ids, become columns
   * of ids, and columns of names ("Well Name") are added. On plates and screens, columns "row" and "column" get a column
   * Well. Default "auto": where there are such names, and such objects; `false` stores what is there.
   */
  readonly resolveNames?: "auto" | false | undefined;
  /** Rows a call, or of each fragment of a remote table; chosen by the columns' width unless given. */
  readonly chunkSize?: number | undefined;
  /** Stops the upload, which then removes what it made. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of a CSV while it is looked through, then of the rows sent. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what is worth knowing but no error; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

/** How a table that is being made is told from one that is whole. */
export interface TableClaim {
  /** Name of its file until it is whole. */
  readonly name: string;
  /** Called when the table is whole, before it is attached: gives the file its name. Where it throws, the table is removed. */
  settle(fileId: number, group: number): Promise<void>;
}

/** A table to be made, whatever its destination. */
export interface NewTable<Options> {
  readonly tableName: string;
  /** At least one, each once. */
  readonly targets: readonly LinkTarget[];
  readonly options: Options;
  readonly onWarning: OnWarning;
  /** Of a table on a server. */
  readonly claim?: TableClaim | undefined;
}
