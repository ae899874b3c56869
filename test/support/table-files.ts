/** Files as users have them, and what is stored of each when it is uploaded to an image: its columns and rows, or an error. */
export interface TableFile {
  readonly file: string;
  readonly content: string | Buffer;
  /** "name:Type" of each column. */
  readonly fields?: readonly string[];
  readonly rows?: readonly (readonly (string | number | boolean)[])[];
  /** Code of the error, and what it says. */
  readonly error?: readonly [code: string, says: string];
}

const IMAGEJ = " ,Area,Mean,%Area\n1,18,730.389,100\n2,126,718.333,100\n";
const NONE = Number.NaN;

export const TABLE_FILES: readonly TableFile[] = [
  {
    file: "pandas-index.csv",
    content: ",image,area\n0,1,14.5\n1,2,15.25\n2,3,9\n",
    fields: ["image:Image", "area:Double"],
    rows: [
      [1, 14.5],
      [2, 15.25],
      [3, 9],
    ],
  },
  {
    file: "r-write.csv",
    content: '"","cell","area"\n"1","a",14.5\n"2","b",15.25\n',
    fields: ["cell:String", "area:Double"],
    rows: [
      ["a", 14.5],
      ["b", 15.25],
    ],
  },
  {
    file: "own-download.csv",
    content: ",image,area\n0,1,14.5\n1,2,9.0\n",
    fields: ["image:Image", "area:Double"],
    rows: [
      [1, 14.5],
      [2, 9],
    ],
  },
  {
    file: "imagej.csv",
    content: IMAGEJ,
    fields: ["Area:Long", "Mean:Double", "%Area:Long"],
    rows: [
      [18, 730.389, 100],
      [126, 718.333, 100],
    ],
  },
  {
    file: "imagej.tsv",
    content: " \tLabel\tArea\n1\timg.tif\t14.5\n2\timg.tif\t9\n",
    fields: ["Label:String", "Area:Double"],
    rows: [
      ["img.tif", 14.5],
      ["img.tif", 9],
    ],
  },
  {
    file: "trailing-delimiter.csv",
    content: "a,b,c,\n1,2,3,\n4,5,6,\n",
    fields: ["a:Long", "b:Long", "c:Long"],
    rows: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  },
  {
    file: "duplicated-names.csv",
    content: "area,area,mean\n1,2,3\n4,5,6\n",
    fields: ["area:Long", "area.1:Long", "mean:Long"],
    rows: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  },
  {
    file: "latin1.csv",
    content: Buffer.from("cell,area µm²,name\n1,14.5,Zürich\n2,9,Größe\n", "latin1"),
    fields: ["cell:Long", "area µm²:Double", "name:String"],
    rows: [
      [1, 14.5, "Zürich"],
      [2, 9, "Größe"],
    ],
  },
  {
    file: "windows-1252.csv",
    content: Buffer.from([...Buffer.from("note,n\n"), 0x93, 0x41, 0x94, 0x80, ...Buffer.from(",1\n")]),
    fields: ["note:String", "n:Long"],
    rows: [["“A”€", 1]],
  },
  {
    file: "utf-16.txt",
    content: Buffer.from("\ufeffname\tn\né\t1\nü\t2\n", "utf16le"),
    fields: ["name:String", "n:Long"],
    rows: [
      ["é", 1],
      ["ü", 2],
    ],
  },
  {
    file: "populate-ids.csv",
    content:
      "# header image,dataset,d,l,s\nImage,Dataset,ROI_Area,Channel_Index,Channel_Name\n1,1,0.0469,1,DAPI\n2,1,0.142,2,GFP\n",
    fields: ["Image:Image", "Dataset:Dataset", "ROI_Area:Double", "Channel_Index:Long", "Channel_Name:String"],
    rows: [
      [1, 1, 0.0469, 1, "DAPI"],
      [2, 1, 0.142, 2, "GFP"],
    ],
  },
  {
    file: "populate-wells.csv",
    content: "# header well,plate,s,d\nWell,Plate,Drug,Dose\nA1,plate01,DMSO,10\nA2,plate01,DMSO,1\n",
    fields: ["Well:String", "Plate:String", "Drug:String", "Dose:Double"],
    rows: [
      ["A1", "plate01", "DMSO", 10],
      ["A2", "plate01", "DMSO", 1],
    ],
  },
  {
    file: "wells.csv",
    content: "Well,Plate,Area\nA1,plate01,0.5\nB12,plate02,0.25\n",
    fields: ["Well:String", "Plate:String", "Area:Double"],
    rows: [
      ["A1", "plate01", 0.5],
      ["B12", "plate02", 0.25],
    ],
  },
  {
    file: "decimal-comma-thousands.csv",
    content: "cell;area\n1;1.234,5\n2;12.345,75\n3;9,125\n",
    fields: ["cell:Long", "area:Double"],
    rows: [
      [1, 1234.5],
      [2, 12345.75],
      [3, 9.125],
    ],
  },
  {
    file: "decimal-comma.csv",
    content: "cell;area;mean\n1;14,5;0,25\n2;15,75;0,5\n3;9,125;1,5\n",
    fields: ["cell:Long", "area:Double", "mean:Double"],
    rows: [
      [1, 14.5, 0.25],
      [2, 15.75, 0.5],
      [3, 9.125, 1.5],
    ],
  },
  {
    file: "thousands-comma.csv",
    content: 'cell,area\n1,"1,234.5"\n2,"12,345.75"\n3,9.125\n',
    fields: ["cell:Long", "area:Double"],
    rows: [
      [1, 1234.5],
      [2, 12345.75],
      [3, 9.125],
    ],
  },
  {
    file: "aligned-spaces.txt",
    content: "image     area\n1         14.5\n22        9\n",
    fields: ["image:Image", "area:Double"],
    rows: [
      [1, 14.5],
      [22, 9],
    ],
  },
  {
    file: "space-delimited.txt",
    content: "image area\n1 14.5\n2 9\n",
    fields: ["image:Image", "area:Double"],
    rows: [
      [1, 14.5],
      [2, 9],
    ],
  },
  {
    file: "cellprofiler-two-headings.csv",
    content: "Image,Cells,Cells,Nuclei\nImageNumber,ObjectNumber,AreaShape_Area,AreaShape_Area\n1,1,10.5,7\n1,2,20,8\n",
    fields: [
      "Image_ImageNumber:Long",
      "Cells_ObjectNumber:Long",
      "Cells_AreaShape_Area:Double",
      "Nuclei_AreaShape_Area:Long",
    ],
    rows: [
      [1, 1, 10.5, 7],
      [1, 2, 20, 8],
    ],
  },
  {
    file: "comment-preamble.csv",
    content: "# CellProfiler export\n# date 2024\nimage,area\n1,2\n",
    fields: ["image:Image", "area:Long"],
    rows: [[1, 2]],
  },
  {
    file: "excel-sep-line.csv",
    content: "sep=;\nimage;area\n1;14.5\n2;9\n",
    fields: ["image:Image", "area:Double"],
    rows: [
      [1, 14.5],
      [2, 9],
    ],
  },
  {
    file: "excel-sep-tab.csv",
    content: "sep=\t\nimage\tarea\n1\t14.5\n2\t9\n",
    fields: ["image:Image", "area:Double"],
    rows: [
      [1, 14.5],
      [2, 9],
    ],
  },
  {
    file: "harmony.txt",
    content:
      "Database Name\tLAB\nPlate Name\tPlate 7\n\n[Data]\nRow\tColumn\tArea [µm²]\tCompound\t\n2\t2\t111.5\t\t\n2\t3\t112.25\tDMSO\t\n",
    fields: ["Row:Long", "Column:Long", "Area [µm²]:Double", "Compound:String"],
    rows: [
      [2, 2, 111.5, ""],
      [2, 3, 112.25, "DMSO"],
    ],
  },
  {
    file: "trackmate.csv",
    content:
      "LABEL,ID,TRACK_ID,QUALITY,POSITION_X\nLabel,Spot ID,Track ID,Quality,X\nLabel,Spot ID,Track ID,Quality,X\n,,,(quality),(micron)\nID12,12,0,5.5,10.25\nID13,13,,6.5,11.25\n",
    fields: ["LABEL:String", "ID:Long", "TRACK_ID:Double", "QUALITY:Double", "POSITION_X:Double"],
    rows: [
      ["ID12", 12, 0, 5.5, 10.25],
      ["ID13", 13, NONE, 6.5, 11.25],
    ],
  },
  {
    file: "units-row.csv",
    content: "cell,area\n,um^2\n1,2.5\n2,3.5\n",
    fields: ["cell:Long", "area:Double"],
    rows: [
      [1, 2.5],
      [2, 3.5],
    ],
  },
  {
    file: "imaris.csv",
    content: "\nPosition\n====================\nPosition X,Unit,ID,\n10.5,um,0,\n11.5,um,1,\n",
    fields: ["Position X:Double", "Unit:String", "ID:Long"],
    rows: [
      [10.5, "um", 0],
      [11.5, "um", 1],
    ],
  },
  {
    file: "short-rows.csv",
    content: "a,b,c\n1,2,3\n4,5\n6,7,8\n",
    fields: ["a:Long", "b:Long", "c:Double"],
    rows: [
      [1, 2, 3],
      [4, 5, NONE],
      [6, 7, 8],
    ],
  },
  {
    file: "method-names.csv",
    content: "label,mean,max,head,columns\n1,2.5,3,4,5\n",
    fields: ["label:Long", "mean:Double", "max:Long", "head:Long", "columns:Long"],
    rows: [[1, 2.5, 3, 4, 5]],
  },
  {
    file: "space-after-comma.csv",
    content: "Well, Image, ROI, Cell line\n1, 2, 3, Hela\n2, 4, 4, Hela\n",
    fields: ["Well:Well", "Image:Image", "ROI:Roi", "Cell line:String"],
    rows: [
      [1, 2, 3, "Hela"],
      [2, 4, 4, "Hela"],
    ],
  },
  {
    file: "ids-as-floats.csv",
    content: "roi,area\n1.0,2\n2.0,3\n",
    fields: ["roi:Roi", "area:Long"],
    rows: [
      [1, 2],
      [2, 3],
    ],
  },
  {
    file: "ids-with-gap.csv",
    content: "image,v\n1,10\n,20\n3,\n",
    fields: ["image:Image", "v:Double"],
    rows: [
      [1, 10],
      [-1, 20],
      [3, NONE],
    ],
  },
  {
    file: "leading-zeros.csv",
    content: "barcode,n\n0012345,1\n0012346,2\n",
    fields: ["barcode:String", "n:Long"],
    rows: [
      ["0012345", 1],
      ["0012346", 2],
    ],
  },
  {
    file: "zip.csv.zip",
    content: Buffer.from("PK\x03\x04\x14\0\0\0\x08\0cells.csv", "latin1"),
    error: ["MALFORMED_FILE", "a ZIP file"],
  },
  {
    file: "parquet.parquet",
    content: Buffer.from("PAR1\x15\x04\x15", "latin1"),
    error: ["MALFORMED_FILE", "Parquet file"],
  },
  {
    file: "json.json",
    content: '[{"image":1,"area":1.5}]',
    fields: ["image:Image", "area:Double"],
    rows: [[1, 1.5]],
  },
  {
    file: "login-page.csv",
    content: "<!DOCTYPE html>\n<html><body>Login</body></html>\n",
    error: ["MALFORMED_FILE", "an HTML page"],
  },
  {
    file: "workbook.xlsx",
    content: Buffer.from("PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml", "latin1"),
    error: ["MALFORMED_FILE", "Excel workbook"],
  },
  { file: "1940-columns.csv", content: wide(1940), error: ["INVALID_SCHEMA", "split: true"] },
];

function wide(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `Nuclei_Texture_${index}`);
  return `${names.join(",")}\n${names.map((_, index) => index / 2).join(",")}\n`;
}
