/** Projects and datasets, screens and plates. */
import type {
  Dataset as DatasetModel,
  PlateAcquisition as PlateAcquisitionModel,
  Plate as PlateModel,
  Project as ProjectModel,
  Screen as ScreenModel,
} from "../../connect/ice/schema/omero.js";
import { checkOptions } from "../../flow/options.js";
import { type RInt, rlong } from "../../rtypes.js";
import { queryRows } from "../loading/query-rows.js";
import { RUNS_OF_PLATE, relationBelow } from "../loading/relations.js";
import { dateOf, optionalText, scalarIn } from "../plain-values.js";
import { DescribedObject } from "./described-object.js";
import type { Image } from "./image.js";
import { LOAD_OPTIONS, type LoadOptions } from "./omero-object.js";
import type { Well, WellSample } from "./well.js";

/** A project: what datasets are in. */
export class Project extends DescribedObject<ProjectModel> {
  /**
   * Its datasets, by name.
   *
   * @example
   * ```ts
   * for await (const dataset of project.listChildren())
   *   for await (const image of dataset.listChildren()) console.log(dataset.name, image.name);
   * ```
   */
  listChildren(options: LoadOptions = {}): AsyncGenerator<Dataset, void, undefined> {
    return this.relatedBy(relationBelow("Project")!, options, "listChildren");
  }
  /** How many datasets are in it. */
  countChildren(options: LoadOptions = {}): Promise<number> {
    return this.countBy(relationBelow("Project")!, options, "countChildren");
  }
}

/** A dataset: what images are in. */
export class Dataset extends DescribedObject<DatasetModel> {
  /** Its images, by name. */
  listChildren(options: LoadOptions = {}): AsyncGenerator<Image, void, undefined> {
    return this.relatedBy(relationBelow("Dataset")!, options, "listChildren");
  }
  /** How many images are in it. */
  countChildren(options: LoadOptions = {}): Promise<number> {
    return this.countBy(relationBelow("Dataset")!, options, "countChildren");
  }
}

/** A screen: what plates are in. */
export class Screen extends DescribedObject<ScreenModel> {
  /** Its plates, by name. */
  listChildren(options: LoadOptions = {}): AsyncGenerator<Plate, void, undefined> {
    return this.relatedBy(relationBelow("Screen")!, options, "listChildren");
  }
  /** How many plates are in it. */
  countChildren(options: LoadOptions = {}): Promise<number> {
    return this.countBy(relationBelow("Screen")!, options, "countChildren");
  }
}

/** Rows and columns of a plate. */
export interface GridSize {
  /** Rows. */
  readonly rows: number;
  /** Columns. */
  readonly columns: number;
}

/** A plate: wells in rows and columns. */
export class Plate extends DescribedObject<PlateModel> {
  /** Its wells with their fields and images, row by row. */
  listChildren(options: LoadOptions = {}): AsyncGenerator<Well, void, undefined> {
    return this.relatedBy(relationBelow("Plate")!, options, "listChildren");
  }
  /** How many wells it has. */
  countChildren(options: LoadOptions = {}): Promise<number> {
    return this.countBy(relationBelow("Plate")!, options, "countChildren");
  }
  /** Its acquisitions, which are called runs in OMERO.web. */
  listPlateAcquisitions(options: LoadOptions = {}): AsyncGenerator<PlateAcquisition, void, undefined> {
    return this.relatedBy(RUNS_OF_PLATE, options, "listPlateAcquisitions");
  }
  /** How many acquisitions it has. */
  countPlateAcquisitions(options: LoadOptions = {}): Promise<number> {
    return this.countBy(RUNS_OF_PLATE, options, "countPlateAcquisitions");
  }
  /** How rows are called: by `letter` or `number`. */
  get rowNamingConvention(): string | undefined {
    return optionalText(this.model.rowNamingConvention);
  }
  /** How columns are called: by `letter` or `number`. */
  get columnNamingConvention(): string | undefined {
    return optionalText(this.model.columnNamingConvention);
  }
  /** The smallest grid that all its wells lie in; none at all for a plate without wells. */
  async getGridSize(options: LoadOptions = {}): Promise<GridSize> {
    checkOptions(options, LOAD_OPTIONS, "getGridSize");
    const [row, column] = await this.#numbers(
      "select max(w.row), max(w.column) from Well w where w.plate.id = :id",
      options.signal,
    );
    return { rows: (row ?? -1) + 1, columns: (column ?? -1) + 1 };
  }
  /** Numbers, from 0, of the first and the last field of its wells; undefined for a plate without fields. */
  async getNumberOfFields(options: LoadOptions = {}): Promise<readonly [first: number, last: number] | undefined> {
    checkOptions(options, LOAD_OPTIONS, "getNumberOfFields");
    const hql = "select minIndex(s), maxIndex(s) from Well w join w.wellSamples s where w.plate.id = :id";
    const [first, last] = await this.#numbers(hql, options.signal);
    return first === undefined || last === undefined ? undefined : [first, last];
  }
  /** Its wells by row and column; undefined where there is none. */
  async getWellGrid(options: LoadOptions = {}): Promise<(Well | undefined)[][]> {
    const wells: Well[] = [];
    for await (const well of this.listChildren(options)) wells.push(well);
    const size = (of: "row" | "column") => wells.reduce((most, well) => Math.max(most, well[of] + 1), 0);
    const grid = Array.from({ length: size("row") }, () => new Array<Well | undefined>(size("column")).fill(undefined));
    for (const well of wells) grid[well.row]![well.column] = well;
    return grid;
  }

  async #numbers(hql: string, signal: AbortSignal | undefined): Promise<(number | undefined)[]> {
    const call = { group: this.groupId, signal };
    const [row = []] = await queryRows(this.context, hql, { id: rlong(this.model.id!.val) }, call);
    return row.map((value) => (value as RInt | null)?.val);
  }
}

/** One acquisition of a plate, which is called a run in OMERO.web. */
export class PlateAcquisition extends DescribedObject<PlateAcquisitionModel> {
  /** Its fields. */
  listChildren(options: LoadOptions = {}): AsyncGenerator<WellSample, void, undefined> {
    return this.relatedBy(relationBelow("PlateAcquisition")!, options, "listChildren");
  }
  /** How many fields it has. */
  countChildren(options: LoadOptions = {}): Promise<number> {
    return this.countBy(relationBelow("PlateAcquisition")!, options, "countChildren");
  }
  /** When it began. */
  get startTime(): Date | undefined {
    return dateOf(this.model.startTime);
  }
  /** When it ended. */
  get endTime(): Date | undefined {
    return dateOf(this.model.endTime);
  }
  /** Most fields of a well. */
  get maximumFieldCount(): number | undefined {
    return scalarIn(this.model.maximumFieldCount);
  }
}
