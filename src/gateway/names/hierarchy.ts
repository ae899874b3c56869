/** What lies below an object, with names: plates, wells, datasets, images and regions of interest. */
import type { RInt, RLong, RString, RType } from "../../rtypes.js";
import type { LinkTarget, TargetType } from "../links.js";
import { type ProjectedRow, pagedRows, type QueryPlace } from "./paged-rows.js";
import { wellName } from "./well-name.js";

/** In the order in which they lie in each other. */
export const NAMED_TYPES = ["Dataset", "Plate", "Well", "Image", "Roi"] as const;
export type NamedType = (typeof NAMED_TYPES)[number];

export type Within = { readonly [Type in NamedType]?: bigint };

export interface NamedObject {
  readonly id: bigint;
  /** Of a well: "a1". */
  readonly name: string;
  /** Ids of the objects that it lies in. */
  readonly within: Within;
}

/** What can be looked for below each type of object. */
const LEVELS: { readonly [Type in TargetType]?: readonly NamedType[] } = {
  Screen: ["Plate", "Well", "Image", "Roi"],
  Plate: ["Plate", "Well", "Image", "Roi"],
  Project: ["Dataset", "Image", "Roi"],
  Dataset: ["Dataset", "Image", "Roi"],
  Image: ["Roi"],
};

/** The types of objects that may lie below one of this type, itself included where it has a level of its own. */
export function levelsBelow(type: TargetType): readonly NamedType[] {
  return LEVELS[type] ?? [];
}

/** The objects below one, asked for type by type and kept. */
export class Hierarchy {
  readonly target: LinkTarget;
  readonly #place: QueryPlace;
  readonly #found = new Map<NamedType, Promise<readonly NamedObject[]>>();

  constructor(place: QueryPlace, target: LinkTarget) {
    this.target = target;
    this.#place = place;
  }

  /** The objects of a type among {@link levelsBelow}. An image in two datasets is there twice. */
  objects(type: NamedType): Promise<readonly NamedObject[]> {
    const found = this.#found.get(type) ?? this.#load(type);
    this.#found.set(type, found);
    return found;
  }

  #load(type: NamedType): Promise<readonly NamedObject[]> {
    switch (type) {
      case "Dataset":
        return this.target.type === "Dataset" ? this.#itself() : this.#linked("ProjectDatasetLink");
      case "Plate":
        return this.target.type === "Plate" ? this.#itself() : this.#linked("ScreenPlateLink");
      case "Well":
        return this.#wells();
      case "Image":
        return levelsBelow(this.target.type).includes("Well") ? this.#imagesOfWells() : this.#imagesOfDatasets();
      case "Roi":
        return this.#rois();
    }
  }

  async #itself(): Promise<NamedObject[]> {
    const { type, id } = this.target;
    const select = `select o.id, o.name from ${type} o where o.id in (:parents)`;
    return (await this.#rows(select, "o", [id])).map(([own, name]) => ({
      id: idOf(own),
      name: textOf(name),
      within: {},
    }));
  }

  async #linked(link: string): Promise<NamedObject[]> {
    const select = `select l.id, l.child.id, l.child.name from ${link} l where l.parent.id in (:parents)`;
    const rows = await this.#rows(select, "l", [this.target.id]);
    return rows.map(([, id, name]) => ({ id: idOf(id), name: textOf(name), within: {} }));
  }

  async #wells(): Promise<NamedObject[]> {
    const select = "select w.id, w.row, w.column, w.plate.id from Well w where w.plate.id in (:parents)";
    return (await this.#rows(select, "w", await this.#ids("Plate"))).map(([id, row, column, plate]) => ({
      id: idOf(id),
      name: wellName({ row: (row as RInt).val, column: (column as RInt).val }),
      within: { Plate: idOf(plate) },
    }));
  }

  async #imagesOfWells(): Promise<NamedObject[]> {
    const select =
      "select s.id, s.image.id, s.image.name, s.well.id, s.well.plate.id from WellSample s where s.well.plate.id in (:parents)";
    return (await this.#rows(select, "s", await this.#ids("Plate"))).map(([, id, name, well, plate]) => ({
      id: idOf(id),
      name: textOf(name),
      within: { Well: idOf(well), Plate: idOf(plate) },
    }));
  }

  async #imagesOfDatasets(): Promise<NamedObject[]> {
    const select =
      "select l.id, l.child.id, l.child.name, l.parent.id from DatasetImageLink l where l.parent.id in (:parents)";
    return (await this.#rows(select, "l", await this.#ids("Dataset"))).map(([, id, name, dataset]) => ({
      id: idOf(id),
      name: textOf(name),
      within: { Dataset: idOf(dataset) },
    }));
  }

  async #rois(): Promise<NamedObject[]> {
    const select = "select r.id, r.name, r.image.id from Roi r where r.image.id in (:parents)";
    const images = this.target.type === "Image" ? [this.target.id] : await this.#ids("Image");
    return (await this.#rows(select, "r", images)).map(([id, name, image]) => ({
      id: idOf(id),
      name: textOf(name),
      within: { Image: idOf(image) },
    }));
  }

  async #ids(type: NamedType): Promise<bigint[]> {
    return [...new Set((await this.objects(type)).map(({ id }) => id))];
  }

  #rows(select: string, alias: string, parents: readonly bigint[]): Promise<ProjectedRow[]> {
    return pagedRows(this.#place, select, alias, parents);
  }
}

function idOf(value: RType | null | undefined): bigint {
  return (value as RLong).val;
}

/** Regions of interest may have no name. */
function textOf(value: RType | null | undefined): string {
  return (value as RString | null | undefined)?.val ?? "";
}
