/** Which objects lie above and below which. */
import type { Relation } from "./related-objects.js";

const BY_NAME = (child: string) => `lower(${child}.name)`;

/** A link class from one type to another, in both directions. */
function linked(parent: string, child: string): { below: Relation; above: Relation } {
  const link = `${parent}${child}Link l`;
  return {
    below: {
      key: `${child}s below`,
      type: child,
      from: `${link} join l.child c`,
      parent: "l.parent.id",
      child: "c.id",
      order: BY_NAME("c"),
    },
    above: {
      key: `${parent}s above`,
      type: parent,
      from: `${link} join l.parent p`,
      parent: "l.child.id",
      child: "p.id",
      order: BY_NAME("p"),
    },
  };
}

const PROJECT_DATASET = linked("Project", "Dataset");
const DATASET_IMAGE = linked("Dataset", "Image");
const SCREEN_PLATE = linked("Screen", "Plate");

const WELLS_OF_PLATE: Relation = {
  key: "wells",
  type: "Well",
  from: "Well w",
  parent: "w.plate.id",
  child: "w.id",
  order: "w.row, w.column",
};
const SAMPLES_OF_RUN: Relation = {
  key: "samples of run",
  type: "WellSample",
  from: "WellSample s",
  parent: "s.plateAcquisition.id",
  child: "s.id",
};

const FOLDERS_OF_FOLDER: Relation = {
  key: "folders",
  type: "Folder",
  from: "Folder f",
  parent: "f.parentFolder.id",
  child: "f.id",
  order: BY_NAME("f"),
};

/** What the children of each type are. */
const BELOW: Readonly<Record<string, Relation>> = {
  Project: PROJECT_DATASET.below,
  Dataset: DATASET_IMAGE.below,
  Screen: SCREEN_PLATE.below,
  Plate: WELLS_OF_PLATE,
  PlateAcquisition: SAMPLES_OF_RUN,
  Well: { key: "samples of well", type: "WellSample", from: "WellSample s", parent: "s.well.id", child: "s.id" },
  Folder: FOLDERS_OF_FOLDER,
  Image: { key: "regions", type: "Roi", from: "Roi r", parent: "r.image.id", child: "r.id" },
};

/** What each type lies in; an image in datasets, or in wells. */
const ABOVE: Readonly<Record<string, readonly Relation[]>> = {
  Dataset: [PROJECT_DATASET.above],
  Image: [
    DATASET_IMAGE.above,
    { key: "wells of image", type: "Well", from: "WellSample s", parent: "s.image.id", child: "s.well.id" },
  ],
  Plate: [SCREEN_PLATE.above],
  Folder: [
    {
      ...{ key: "folder of folder", type: "Folder", from: "Folder f where f.parentFolder is not null" },
      ...{ parent: "f.id", child: "f.parentFolder.id" },
    },
  ],
  Well: [{ key: "plate of well", type: "Plate", from: "Well w", parent: "w.id", child: "w.plate.id" }],
  PlateAcquisition: [
    { key: "plate of run", type: "Plate", from: "PlateAcquisition a", parent: "a.id", child: "a.plate.id" },
  ],
  WellSample: [{ key: "well of sample", type: "Well", from: "WellSample s", parent: "s.id", child: "s.well.id" }],
  Roi: [{ key: "image of region", type: "Image", from: "Roi r", parent: "r.id", child: "r.image.id" }],
};

/** The acquisitions of a plate. */
export const RUNS_OF_PLATE: Relation = {
  key: "runs",
  type: "PlateAcquisition",
  from: "PlateAcquisition a",
  parent: "a.plate.id",
  child: "a.id",
};

/** What is in a folder besides folders. */
export const IMAGES_OF_FOLDER: Relation = linked("Folder", "Image").below;
export const ROIS_OF_FOLDER: Relation = {
  ...{ key: "regions of folder", type: "Roi", from: "FolderRoiLink l" },
  ...{ parent: "l.parent.id", child: "l.child.id" },
};

/** The files that images were imported from, and what acquired them. */
export const FILESET_OF_IMAGE: Relation = {
  ...{ key: "fileset of image", type: "Fileset", from: "Image i where i.fileset is not null" },
  ...{ parent: "i.id", child: "i.fileset.id" },
};
export const INSTRUMENT_OF_IMAGE: Relation = {
  ...{ key: "instrument of image", type: "Instrument", from: "Image i where i.instrument is not null" },
  ...{ parent: "i.id", child: "i.instrument.id" },
};

/** How a type leads to its children; undefined for those without. */
export function relationBelow(type: string): Relation | undefined {
  return BELOW[type];
}

/** How a type leads to what it lies in. */
export function relationsAbove(type: string): readonly Relation[] {
  return ABOVE[type] ?? [];
}
