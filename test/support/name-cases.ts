/** Files with names of objects, for a world that `named_objects.py` made, and what they are uploaded to. */
import { rint, rstring } from "../../src/rtypes.js";
import type { ObjectOptions } from "../../src/server/index.js";

export interface NamedWorld {
  readonly objects: readonly MadeObject[];
  readonly screen: number;
  readonly project: number;
  /** Ids by name; of images by that of their dataset and theirs. */
  readonly plates: Readonly<Record<string, number>>;
  readonly datasets: Readonly<Record<string, number>>;
  readonly images: Readonly<Record<string, number>>;
  readonly rois: Readonly<Record<string, number>>;
  /** Images of each plate. */
  readonly fields: Readonly<Record<string, readonly number[]>>;
}

interface MadeObject {
  readonly type: string;
  readonly id: number;
  readonly name?: string;
  readonly references: ObjectOptions["references"];
  readonly row?: number;
  readonly column?: number;
}

export interface NameCase {
  readonly name: string;
  readonly target: readonly [type: string, id: number];
  readonly text: string;
}

/** A table as `omero metadata populate` made it: name, type and size of the columns, and the rows. */
export interface PopulatedTable {
  readonly columns: readonly (readonly [name: string, type: string, size: number])[];
  readonly rows: readonly (readonly (number | string | boolean)[])[];
}

/** The same objects for an embedded server. */
export function objectsOf({ objects }: NamedWorld): ObjectOptions[] {
  return objects.map(({ type, id, name, references, row, column }) => ({
    type,
    id,
    references,
    ...(name !== undefined && { name }),
    values: {
      ...(type === "Roi" && { name: rstring(name!) }),
      ...(row !== undefined && { row: rint(row), column: rint(column!) }),
    },
  }));
}

/** Files that `omero metadata populate` takes as well. */
export function nameCases({ screen, project, plates, datasets, images, rois, fields }: NamedWorld): NameCase[] {
  const plate = ["Plate", plates.plate01!] as const;
  const dataset = ["Dataset", datasets.first!] as const;
  const onScreen = ["Screen", screen] as const;
  const onProject = ["Project", project] as const;
  const image = ["Image", images["first/one.tif"]!] as const;
  const one = (name: string, target: readonly [string, number], ...lines: string[]): NameCase => ({
    name,
    target,
    text: `${lines.join("\n")}\n`,
  });
  const two = `${images["first/two.tif"]}`;
  const fieldRows = (name: string) => fields[name]!.slice(0, 4).map((id, index) => `${id},${index}.5`);
  return [
    one(
      "wells of a plate",
      plate,
      "Well,Drug,Concentration,Cell_Count",
      "A1,DMSO,10.5,10",
      "A2,DMSO,0.1,1000",
      "B12,Nocodazole é,5.5,7",
    ),
    one(
      "wells of a plate, declared",
      plate,
      "# header well,s,d,l",
      "Well,Drug,c,n",
      "A1,DMSO,10.5,10",
      "AA3,x,0.1,1000",
    ),
    one("wells in other spellings", plate, "well,Area", "a01,0.5", "b12,0.25", "C06,1.5"),
    one("a column Well Name", plate, "Well Name,Area", "A1,0.5", "C6,1.25"),
    one(
      "wells and plates, declared",
      onScreen,
      "# header well,plate,s,d,l",
      "Well,Plate,Drug,Concentration,Cell_Count",
      "A1,plate01,DMSO,10.1,10",
      "A2,plate01,DMSO,0.1,1000",
      "A1,plate02,x,5.5,3",
    ),
    one("wells and plates", onScreen, "Well,Plate,Area", "A1,plate01,0.5", "B12,plate02,0.25", "C6,plate01,1.5"),
    one("plates before wells", onScreen, "Plate,Well,Ok", "plate02,A1,True", "plate01,B1,False"),
    one("plates alone", onScreen, "Plate,Area", "plate01,0.5", "plate02,0.25"),
    one("columns Plate Name and Well Name", onScreen, "Plate Name,Well Name,n", "plate01,A1,5", "plate02,B12,6"),
    one("plates whose names are numbers", onScreen, "Plate,Well,Area", "4711,A1,0.5", "4711,B12,0.25"),
    one(
      "plates of both sorts, declared",
      onScreen,
      "# header plate,well,d",
      "Plate,Well,x",
      "4711,A1,0.5",
      "plate01,B12,0.25",
    ),
    one("images of a dataset", dataset, "Image Name,Area", "one.tif,0.5", "drei µ.tif,1.5", "one.tif,2.5"),
    one(
      "images of a dataset, declared",
      dataset,
      "# header s,d,l",
      "Image Name,Area,n",
      "one.tif,0.5,1",
      "two.tif,1.5,2",
    ),
    one("ids of images, declared", dataset, "# header image,d", "Image,Area", `${two},0.5`, `${image[1]},1.5`),
    one("ids of images by another name", dataset, "# header image,d", "picture,Area", `${two},0.5`, `${image[1]},1.5`),
    one(
      "ids of images and datasets",
      onProject,
      "# header image,dataset,d,l,s",
      "Image,Dataset,ROI_Area,Channel_Index,Channel_Name",
      `${image[1]},${datasets.first},0.0469,1,DAPI`,
      `${images["second é/two.tif"]},${datasets["second é"]},0.142,2,GFP`,
    ),
    one(
      "images and datasets",
      onProject,
      "Image Name,Dataset Name,ROI_Area,Channel",
      "one.tif,first,0.5,DAPI",
      "one.tif,second é,1.5,GFP",
      "drei µ.tif,first,2.5,GFP",
    ),
    one(
      "images and datasets, declared",
      onProject,
      "# header s,s,d,s",
      "Image Name,Dataset Name,ROI_Area,Channel",
      "one.tif,first,0.5,DAPI",
      "one.tif,second é,1.5,GFP",
    ),
    one("regions of an image", image, "Roi Name,Area,Class", "nucleus,0.5,a", "Zelle ü,1.5,b"),
    one("ids of regions", image, "# header roi,d", "Roi,Area", `${rois.nucleus},0.5`, `${rois["cell 1"]},1.5`),
    one(
      "ids of regions below a dataset",
      dataset,
      "# header roi,d",
      "Roi,Area",
      `${rois.nucleus},0.5`,
      `${rois["Zelle ü"]},1`,
    ),
    one("rows and columns, declared", plate, "# header well,l,l,d", "Well,Row,Column,Area", "A1,1,1,0.5", "C6,3,6,1.5"),
    one("images and rows, declared", plate, "# header image,l,d", "Image,row,d", `${fields.plate01![0]},7,0.5`),
    one("ids of a plate's images", plate, "# header image,d", "Image,Area", ...fieldRows("plate01")),
    one("ids of a screen's images", onScreen, "# header image,d", "Image,Area", ...fieldRows("plate02")),
  ];
}
