/** Files in the layouts of programs of the laboratory, and what their users expect of them. */
import { describe, expect, test } from "vitest";
import { readAll } from "./read-all.js";

interface Layout {
  readonly program: string;
  readonly text: string;
  /** "name:Type" of each column, widths of texts aside. */
  readonly fields: readonly string[];
  readonly first: readonly unknown[];
  /** Something the warnings say, if there are any. */
  readonly said?: RegExp;
}

const LAYOUTS: readonly Layout[] = [
  {
    program: "pandas, with its index",
    text: ",image,area\n0,5,1.5\n1,6,2.5\n",
    fields: ["image:Long", "area:Double"],
    first: [5n, 1.5],
    said: /numbers the rows/,
  },
  {
    program: "R, row names",
    text: '"","cell","area"\n"1","a",4.5\n"2","b",5.25\n',
    fields: ["cell:String", "area:Double"],
    first: ["a", 4.5],
    said: /numbers the rows/,
  },
  {
    program: "R's write.table, one heading fewer",
    text: "cell area\nx1 a 4.5\nx2 b 5.25\n",
    fields: ["Unnamed: 0:String", "cell:String", "area:Double"],
    first: ["x1", "a", 4.5],
    said: /Unnamed: 0/,
  },
  {
    program: "ImageJ results",
    text: " \tLabel\tArea\tMean\n1\tcells.tif\t20\t3.5\n2\tcells.tif\t21\t4.5\n",
    fields: ["Label:String", "Area:Long", "Mean:Double"],
    first: ["cells.tif", 20n, 3.5],
    said: /delimiter: "\\t"/,
  },
  {
    program: "a delimiter at the end of each line",
    text: "x\ty\tz\t\n1\t2\t3\t\n4\t5\t6\t\n",
    fields: ["x:Long", "y:Long", "z:Long"],
    first: [1n, 2n, 3n],
    said: /without name and cells/,
  },
  {
    program: "a delimiter at the end of each row, not of the heading",
    text: "x,y\n1,2,\n3,4,\n",
    fields: ["x:Long", "y:Long"],
    first: [1n, 2n],
    said: /beyond the last column/,
  },
  {
    program: "names that repeat",
    text: "area,area,mean\n1,2,3\n",
    fields: ["area:Long", "area.1:Long", "mean:Long"],
    first: [1n, 2n, 3n],
    said: /area\.1/,
  },
  {
    program: "Excel, German",
    text: "sep=;\r\nZelle;Fläche\r\n1;1.234,5\r\n2;9,25\r\n",
    fields: ["Zelle:Long", "Fläche:Double"],
    first: [1n, 1234.5],
    said: /decimal: ","/,
  },
  {
    program: "Excel, French, with spaces between thousands",
    text: "cellule;aire\n1;12\u00a0345,5\n2;1\u00a0000,25\n",
    fields: ["cellule:Long", "aire:Double"],
    first: [1n, 12345.5],
    said: /thousands/,
  },
  {
    program: "thousands in quotes",
    text: 'cell,area\n1,"1,234.5"\n2,"22,345.75"\n',
    fields: ["cell:Long", "area:Double"],
    first: [1n, 1234.5],
    said: /thousands: ","/,
  },
  {
    program: "Harmony",
    text: "Database Name\tX\nPlate Name\tP 1\n\n[Data]\nRow\tColumn\tArea\tCompound\t\n2\t3\t1.5\t\t\n2\t4\t2.5\tDMSO\t\n",
    fields: ["Row:Long", "Column:Long", "Area:Double", "Compound:String"],
    first: [2n, 3n, 1.5, ""],
    said: /before the table/,
  },
  {
    program: "Imaris",
    text: " \nPosition\n====================\nPosition X,Position Y,Unit,ID,\n10.5,2.5,um,0,\n11.5,3.5,um,1,\n",
    fields: ["Position X:Double", "Position Y:Double", "Unit:String", "ID:Long"],
    first: [10.5, 2.5, "um", 0n],
    said: /before the table/,
  },
  {
    program: "comments before the table",
    text: "# made by a program\n# yesterday, at noon\nimage,area\n1,2.5\n",
    fields: ["image:Long", "area:Double"],
    first: [1n, 2.5],
    said: /before the table/,
  },
  {
    program: "NumPy, names in a comment",
    text: "# x y intensity\n1.5 2 3\n4.5 5 6\n",
    fields: ["x:Double", "y:Long", "intensity:Long"],
    first: [1.5, 2n, 3n],
    said: /from a comment/,
  },
  {
    program: "TrackMate",
    text: "LABEL,ID,QUALITY,FRAME\nLabel,Spot ID,Quality,Frame\nLabel,Spot ID,Quality,Frame\n,,(quality),\nID1,1,2.5,0\nID2,2,3.5,1\n",
    fields: ["LABEL:String", "ID:Long", "QUALITY:Double", "FRAME:Long"],
    first: ["ID1", 1n, 2.5, 0n],
    said: /3 more lines of the heading/,
  },
  {
    program: "a row of units",
    text: "cell,area,perimeter\n,um^2,um\n1,2.5,3.5\n2,3.5,4.5\n",
    fields: ["cell:Long", "area:Double", "perimeter:Double"],
    first: [1n, 2.5, 3.5],
    said: /1 more line of the heading/,
  },
  {
    program: "CellProfiler, two lines of headings",
    text: "Image,Nuclei,Nuclei\nImageNumber,ObjectNumber,Area\n1,1,20.5\n1,2,21\n",
    fields: ["Image_ImageNumber:Long", "Nuclei_ObjectNumber:Long", "Nuclei_Area:Double"],
    first: [1n, 1n, 20.5],
    said: /joined from two lines/,
  },
  {
    program: "omero-metadata, types declared",
    text: "# header s,d,l\nDrug,Dose,Cells\nDMSO,1,10\nDMSO,2,20\n",
    fields: ["Drug:String", "Dose:Double", "Cells:Long"],
    first: ["DMSO", 1, 10n],
    said: /declares/,
  },
  {
    program: "columns aligned by spaces",
    text: "image     area\n1         14.5\n22        9\n",
    fields: ["image:Long", "area:Double"],
    first: [1n, 14.5],
    said: /delimiter: spaces/,
  },
  {
    program: "columns aligned by spaces, with spaces in cells",
    text: "cell line   mean area\nHeLa 1      14.5\nU2OS wt     9\n",
    fields: ["cell line:String", "mean area:Double"],
    first: ["HeLa 1", 14.5],
    said: /wide spaces/,
  },
  {
    program: "a space after each comma",
    text: "Well, Image, Cell line\n1, 2, Hela\n2, 4, Hela\n",
    fields: ["Well:Long", "Image:Long", "Cell line:String"],
    first: [1n, 2n, "Hela"],
    said: /Spaces around names/,
  },
  {
    program: "records that lack cells",
    text: "a,b,c\n1,2,3\n4,5\n6,7,8\n",
    fields: ["a:Long", "b:Long", "c:Double"],
    first: [1n, 2n, 3],
    said: /Line 3 has fewer cells/,
  },
  {
    program: "bar codes with zeros before them",
    text: "barcode,n\n0012,1\n0013,2\n",
    fields: ["barcode:String", "n:Long"],
    first: ["0012", 1n],
    said: /leading zeros/,
  },
  {
    program: "QuPath detections",
    text: "Image\tObject ID\tClassification\tCentroid X µm\tNucleus: Area\tNucleus: Circularity\nslide.svs\ta1b2\tTumor\t1034.5\t40.25\t0.91\nslide.svs\tc3d4\t\t1040\t38.5\t0.88\n",
    fields: [
      "Image:String",
      "Object ID:String",
      "Classification:String",
      "Centroid X µm:Double",
      "Nucleus: Area:Double",
      "Nucleus: Circularity:Double",
    ],
    first: ["slide.svs", "a1b2", "Tumor", 1034.5, 40.25, 0.91],
    said: /delimiter/,
  },
  {
    program: "CellProfiler objects",
    text: "ImageNumber,ObjectNumber,AreaShape_Area,Intensity_MeanIntensity_DNA,Metadata_Well\n1,1,352,0.0123,A01\n1,2,401,nan,A01\n",
    fields: [
      "ImageNumber:Long",
      "ObjectNumber:Long",
      "AreaShape_Area:Long",
      "Intensity_MeanIntensity_DNA:Double",
      "Metadata_Well:String",
    ],
    first: [1n, 1n, 352n, 0.0123, "A01"],
  },
  {
    program: "Columbus",
    text: "ScreenName\tPlateName\tWellName\tRow\tColumn\tNuclei - Number of Objects\tNuclei - Area Mean\t\nS\tP1\tA1\t1\t1\t120\t88.5\t\nS\tP1\tA2\t1\t2\t99\t90\t\n",
    fields: [
      "ScreenName:String",
      "PlateName:String",
      "WellName:String",
      "Row:Long",
      "Column:Long",
      "Nuclei - Number of Objects:Long",
      "Nuclei - Area Mean:Double",
    ],
    first: ["S", "P1", "A1", 1n, 1n, 120n, 88.5],
    said: /delimiter/,
  },
  {
    program: "Incucyte",
    text: "Vessel Name: Plate 3\nMetric: Phase Object Confluence (Percent)\nCell Type: A549\n\nDate Time\tElapsed\tA1\tA2\n01/02/2024 10:00\t0\t12.5\t13.5\n01/02/2024 12:00\t2\t14.5\t15.25\n",
    fields: ["Date Time:String", "Elapsed:Long", "A1:Double", "A2:Double"],
    first: ["01/02/2024 10:00", 0n, 12.5, 13.5],
    said: /before the table/,
  },
  {
    program: "MetaXpress",
    text: '"Barcode","Plate ID","Well","Site ID","Cell Count"\n"P-1",17,"A01",1,230\n"P-1",17,"A02",1,212\n',
    fields: ["Barcode:String", "Plate ID:Long", "Well:String", "Site ID:Long", "Cell Count:Long"],
    first: ["P-1", 17n, "A01", 1n, 230n],
  },
  {
    program: "Ilastik",
    text: "object_id,timestep,labelimage_oid,Predicted Class,Probability of A,Center of the object_0\n0,0,1,A,0.75,12.5\n1,0,2,B,0.25,14.5\n",
    fields: [
      "object_id:Long",
      "timestep:Long",
      "labelimage_oid:Long",
      "Predicted Class:String",
      "Probability of A:Double",
      "Center of the object_0:Double",
    ],
    first: [0n, 0n, 1n, "A", 0.75, 12.5],
  },
  {
    program: "Cellpose sizes",
    text: ",label,diameter,npix\n0,1,20.5,330\n1,2,21.75,371\n",
    fields: ["label:Long", "diameter:Double", "npix:Long"],
    first: [1n, 20.5, 330n],
    said: /numbers the rows/,
  },
  {
    program: "StarDist",
    text: "label;area;centroid-0;centroid-1;prob\n1;55;10,5;11,25;0,91\n2;60;12,5;13,75;0,88\n",
    fields: ["label:Long", "area:Long", "centroid-0:Double", "centroid-1:Double", "prob:Double"],
    first: [1n, 55n, 10.5, 11.25, 0.91],
    said: /decimal: ","/,
  },
  {
    program: "napari regionprops",
    text: "index,label,area,bbox-0,eccentricity\n0,1,120,4,0.5\n1,2,98,9,\n",
    fields: ["index:Long", "label:Long", "area:Long", "bbox-0:Long", "eccentricity:Double"],
    first: [0n, 1n, 120n, 4n, 0.5],
  },
];

test.each(LAYOUTS)("$program", async ({ text, fields, first, said }) => {
  for (const keptBytes of [undefined, 0]) {
    const warnings: string[] = [];
    const read = await readAll([Buffer.from(text)], { keptBytes, onWarning: (message) => warnings.push(message) });
    expect(read.fields.map((field) => field.replace(/\(\d+\)$/, ""))).toEqual(fields);
    expect(read.columns.map(([value]) => value)).toEqual(first);
    if (said === undefined) expect(warnings).toEqual([]);
    else expect(warnings.join("\n")).toMatch(said);
  }
});

describe("strict", () => {
  test.each([
    [",a\n0,1\n", "INVALID_SCHEMA"],
    ["a,a\n0,1\n", "INVALID_SCHEMA"],
    ["a, b\n0,1\n", "INVALID_SCHEMA"],
    ["a,b\n0\n", "MALFORMED_CSV"],
    ["a,b\n0,1,\n", "MALFORMED_CSV"],
    ["# said\na,b\n0,1\n", "MALFORMED_CSV"],
  ])("refuses %j", async (text, code) => {
    await expect(readAll([Buffer.from(text)], { strict: true })).rejects.toMatchObject({ code });
  });

  test("refuses what is no UTF-8, which is windows-1252 otherwise", async () => {
    const bytes = Buffer.from([97, 10, 0x80, 0xe9, 10]);
    await expect(readAll([bytes], { strict: true })).rejects.toMatchObject({ code: "MALFORMED_CSV", line: 2 });
    expect((await readAll([bytes])).columns).toEqual([["€é"]]);
  });
});

test.each([
  ["ZIP", Buffer.from("PK\x03\x04\x14\0inner.csv", "latin1")],
  ["Excel", Buffer.from("PK\x03\x04\x14\0[Content_Types].xml", "latin1")],
  ["Parquet", Buffer.from("PAR1\x15\x04", "latin1")],
  ["HDF5", Buffer.from("\x89HDF\r\n\x1a\n", "latin1")],
  ["JSON", Buffer.from('[{"image":1}]')],
  ["JSON", Buffer.from('{"image":1}\n{"image":2}\n')],
  ["HTML", Buffer.from("<!DOCTYPE html>\n<html></html>")],
])("%s is refused by its name", async (name, bytes) => {
  const message = expect.stringContaining(name);
  await expect(readAll([bytes])).rejects.toMatchObject({ code: "MALFORMED_FILE", message });
});

test("one column of text where the other lines split evenly is refused, with what helps", async () => {
  const text = "notes of today\nhello, world\ngood, morning\n";
  const refused = { code: "MALFORMED_CSV", message: expect.stringMatching(/2 each by ","/) };
  await expect(readAll([Buffer.from(text)])).rejects.toMatchObject(refused);
  expect((await readAll([Buffer.from(text)], { skipRows: 1, header: false })).rowCount).toBe(2);
});

test("ids take 1.0 and gaps", async () => {
  const text = "roi,image,v\n1.0,5,1\n2.0,,2\n,7,3\n";
  const isId = (name: string) => name !== "v";
  const warnings: string[] = [];
  for (const keptBytes of [undefined, 0]) {
    const { columns } = await readAll([Buffer.from(text)], { isId, keptBytes, onWarning: (one) => warnings.push(one) });
    expect(columns.slice(0, 2)).toEqual([
      [1n, 2n, -1n],
      [5n, -1n, 7n],
    ]);
  }
  expect(warnings.join("\n")).toMatch(/"image": 1 missing id stored as -1/);
});
