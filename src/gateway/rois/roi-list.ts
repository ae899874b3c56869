import { toGeoJson } from "./geojson.js";
import type { GeoJsonCollection } from "./geojson-types.js";
import type { ImageRoi, RoiShape } from "./shapes.js";

/**
 * Regions of an image, in the order they were made.
 *
 * @example
 * const rois = await image.rois();
 * for (const { id, shapes } of rois) console.log(id, shapes.map(({ type }) => type));
 * await writeFile("regions.geojson", JSON.stringify(rois.toGeoJSON()));
 */
export class RoiList implements Iterable<ImageRoi> {
  readonly #rois: readonly ImageRoi[];

  /** @param rois in the order they are listed */
  constructor(rois: readonly ImageRoi[]) {
    this.#rois = rois;
  }

  /** How many there are. */
  get length(): number {
    return this.#rois.length;
  }

  /** All shapes of all regions. */
  get shapes(): RoiShape[] {
    return this.#rois.flatMap(({ shapes }) => shapes);
  }

  /** The region at a place in the list, from 0; -1 is the last. */
  at(index: number): ImageRoi | undefined {
    return this.#rois.at(index);
  }

  /** The region of an id. */
  find(id: number): ImageRoi | undefined {
    return this.#rois.find((roi) => roi.id === id);
  }

  /**
   * A GeoJSON feature collection with a feature for each shape. QuPath and others read it; `roisFromGeoJSON` gives the same regions
   * again, of every type of shape.
   */
  toGeoJSON(): GeoJsonCollection {
    return toGeoJson(this.#rois);
  }

  [Symbol.iterator](): Iterator<ImageRoi> {
    return this.#rois[Symbol.iterator]();
  }

  toJSON(): readonly ImageRoi[] {
    return this.#rois;
  }
}
