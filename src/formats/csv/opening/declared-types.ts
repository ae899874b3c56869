/** The first line that omero-metadata reads types from: `# header image,dataset,d,l,s`. */
import type { ColumnType } from "../../../columns/batch.js";

const MARK = /^#\s*header\s+/i;

/** As `omero metadata populate` names them. */
const TYPES: Readonly<Record<string, ColumnType>> = {
  plate: "Plate",
  well: "Well",
  image: "Image",
  dataset: "Dataset",
  roi: "Roi",
  d: "Double",
  l: "Long",
  s: "String",
  b: "Bool",
};

export function declaresTypes(line: string): boolean {
  return MARK.test(line);
}

/** The types a line declares, one for each column; undefined for a word that is none. */
export function declaredTypes([first = "", ...others]: readonly string[]): (ColumnType | undefined)[] {
  return [first.replace(MARK, ""), ...others].map((word) => {
    const key = word.trim().toLowerCase();
    return Object.hasOwn(TYPES, key) ? TYPES[key] : undefined;
  });
}
