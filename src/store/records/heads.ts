/** What is known of an entry without its bytes. */
import type { ImageHeader } from "../images/image.js";
import type { PixelType } from "../images/pixels.js";
import type { ImageStatistics } from "../images/statistics.js";
import type { ShortForm } from "./codec.js";
import type { Storable } from "./storable.js";

/** Where an entry's bytes are: a number in the database of contents, and how many. */
export interface Content {
  readonly id: number;
  readonly length: number;
}

export interface ImageHead {
  readonly kind: "image";
  readonly pixels: PixelType;
  readonly shape: readonly number[];
  readonly header: ImageHeader;
  /** The header as it is kept, where it was encoded before. */
  readonly attributes?: ShortForm;
  readonly statistics: ImageStatistics;
}
export type StoredImageHead = ImageHead & { readonly content: Content };
export interface TableHead {
  readonly kind: "table";
  readonly rowCount: number;
  readonly columnCount: number;
  /** Bytes of each batch, one after the other in the content. */
  readonly batches: readonly number[];
}
export interface BytesHead {
  readonly kind: "value" | "arrow";
}
export type Head = ImageHead | TableHead | BytesHead;
export type StoredHead = Head & { readonly content: Content };

/** What a database of records holds under a key. */
export type StoredRecord = { readonly kind: "inline"; readonly value: Storable } | StoredHead;
