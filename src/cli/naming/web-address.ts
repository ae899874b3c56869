/** Addresses of OMERO.web, as people copy them from a browser, as names of tables and objects. */
import { InvalidArgumentError } from "commander";

/** What an address names, and the host it is on. */
export type WebPlace = { readonly host: string } & (
  | { readonly fileId: bigint }
  | { readonly annotationId: bigint }
  | { readonly object: readonly [type: string, id: bigint] }
);

/** Forms of addresses, without the part that depends on how the server is set up. */
const FILES = /\/(?:omero_table|webgateway\/table|download_original_file)\/(\d+)(?:\/|$)/;
const OBJECT_TABLES = /\/webgateway\/table\/([A-Za-z]+)\/(\d+)\//;
const ANNOTATIONS = /\/webclient\/(?:get_original_file|annotation)\/(\d+)(?:\/|$)/;
const IMAGES = /\/(?:img_detail|metadata_preview\/image|render_image|render_thumbnail)\/(\d+)(?:\/|$)/;
const SHOWN = /^([a-z]+)-(\d+)$/i;
const TYPES: Readonly<Record<string, string>> = {
  project: "Project",
  dataset: "Dataset",
  image: "Image",
  screen: "Screen",
  plate: "Plate",
  well: "Well",
  acquisition: "PlateAcquisition",
  run: "PlateAcquisition",
};

export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** @throws InvalidArgumentError for an address that names no table, file or object */
export function parseWebAddress(text: string): WebPlace {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const named = url && (namedByPath(url.pathname) ?? namedByQuery(url.searchParams));
  if (named) return { host: url.hostname, ...named };
  throw new InvalidArgumentError(
    "this address names no table or object; copy one such as https://host/webclient/?show=image-5 or https://host/webclient/omero_table/402/",
  );
}

type Named = { fileId: bigint } | { annotationId: bigint } | { object: readonly [string, bigint] };

function namedByPath(path: string): Named | undefined {
  const [, file] = FILES.exec(path) ?? [];
  if (file) return { fileId: BigInt(file) };
  const [, type, id] = OBJECT_TABLES.exec(path) ?? [];
  if (type && id) return { object: [TYPES[type.toLowerCase()] ?? type, BigInt(id)] };
  const [, annotation] = ANNOTATIONS.exec(path) ?? [];
  if (annotation) return { annotationId: BigInt(annotation) };
  const [, image] = IMAGES.exec(path) ?? [];
  return image ? { object: ["Image", BigInt(image)] } : undefined;
}

/** `?show=image-5|image-6` names the first. */
function namedByQuery(query: URLSearchParams): Named | undefined {
  const [, type = "", id] = SHOWN.exec(query.get("show")?.split("|")[0] ?? "") ?? [];
  const known = TYPES[type.toLowerCase()];
  if (known && id) return { object: [known, BigInt(id)] };
  const [image] = query.get("images")?.split(",") ?? [];
  return image && /^\d+$/.test(image) ? { object: ["Image", BigInt(image)] } : undefined;
}
