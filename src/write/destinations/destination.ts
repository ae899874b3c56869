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
}

/** What all destinations take. */
export interface CommonUploadOptions extends ConnectionOption, LinkOptions, SourceChoice {
  /** Rows a call, or of each fragment of a remote table; chosen by the columns' width unless given. */
  readonly chunkSize?: number | undefined;
  /** Stops the upload, which then removes what it made. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of a CSV while it is looked through, then of the rows sent. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what is worth knowing but no error; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

/** A table to be made, whatever its destination. */
export interface NewTable<Options> {
  readonly tableName: string;
  /** At least one, each once. */
  readonly targets: readonly LinkTarget[];
  readonly options: Options;
  readonly onWarning: OnWarning;
}
