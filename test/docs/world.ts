/** A server that holds what the documentation speaks of, under the ids it has there, and a folder of its files. */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ConnectOptions, connectToOmero, type OmeroConnection, uploadTable } from "../../src/index.js";
import { rint } from "../../src/rtypes.js";
import { type ObjectOptions, type OmeroServer, type ServerOptions, startServer } from "../../src/server/index.js";
import { standardTables } from "../../src/server/rendering/pictures/standard-tables.js";
import { writeImages } from "../../src/store/index.js";

const EMAN2_DATABASE = fileURLToPath(new URL("../store/eman2/EMAN2DB", import.meta.url));
const ROWS = 240;
const ANN = { username: "ann", password: "secret" };
const LABELS = ["Nucleus", "nucleus", "cytoplasm"];
const WELLS = ["A1", "A2", "B1", "B2"];

const one = (type: string, id: number, more: Partial<ObjectOptions> = {}): ObjectOptions => ({ type, id, ...more });
const link = (type: string, parent: readonly [string, number], child: readonly [string, number]): ObjectOptions => ({
  type,
  references: { parent: { type: parent[0], id: parent[1] }, child: { type: child[0], id: child[1] } },
});

const IMAGES = ["field of A1", "field of A2", "field of B1"];
/** Images 101 to 103, which are made with their pixels, and others of the same names. */
const IMAGES_OF_PLATES: readonly (readonly [plate: number, firstImage: number])[] = [
  [7, 101],
  [12, 81],
];

const wellsOf = ([plate, firstImage]: readonly [number, number]): ObjectOptions[] =>
  WELLS.flatMap((_, index) => {
    const id = plate * 10 + index;
    const values = { row: rint(Math.floor(index / 2)), column: rint(index % 2) };
    const image = { type: "Image", id: firstImage + (index % IMAGES.length) };
    return [
      one("Well", id, { references: { plate: { type: "Plate", id: plate } }, values }),
      one("WellSample", id, { references: { well: { type: "Well", id }, image } }),
    ];
  });

const OBJECTS: readonly ObjectOptions[] = [
  one("Project", 12, { name: "Nuclei" }),
  one("Dataset", 1),
  one("Dataset", 2, { name: "Day 2" }),
  one("Dataset", 5, { name: "Day 1" }),
  one("Image", 1),
  one("Image", 2),
  one("Screen", 3, { name: "Drugs" }),
  one("Plate", 7, { name: "plate 7" }),
  one("Plate", 12, { name: "plate 12" }),
  ...IMAGES.map((name, index) => one("Image", 81 + index, { name })),
  ...IMAGES_OF_PLATES.flatMap(wellsOf),
  link("ProjectDatasetLink", ["Project", 12], ["Dataset", 5]),
  link("ScreenPlateLink", ["Screen", 3], ["Plate", 7]),
  // The next ones are those that the documentation names.
  one("Image", 100),
  one("OriginalFile", 401 - standardTables().size),
  one("CommentAnnotation", 141),
];

export interface DocumentedWorld {
  readonly server: OmeroServer;
  readonly folder: string;
  /** What programs find in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** A snippet with the names of this machine. */
  here(code: string): string;
  close(): Promise<void>;
}

const PREPARED = "prepared";

/** Makes what all worlds begin with. @param folder is there, and is to stay as long as they do */
export async function prepareWorld(folder: string): Promise<void> {
  const prepared = join(folder, PREPARED);
  await makeFiles(prepared);
  const server = await startServer({ ...options(prepared), objects: OBJECTS });
  try {
    await fill({ server: `127.0.0.1:${server.tlsPort}`, ...ANN });
  } finally {
    await server.close();
  }
}

const options = (folder: string): ServerOptions => ({
  directory: join(folder, "lab-of-ann"),
  groups: [{ name: "lab", permissions: "rwra--" }],
  users: [
    { name: ANN.username, password: ANN.password, groups: ["lab"], fullName: "Ann Lund" },
    { name: "ben", password: "other", groups: ["lab"] },
    { name: "root", password: "omero" },
  ],
  lookupTables: true,
  web: { arrays: join(folder, "arrays") },
  failedLoginDelay: 0,
});

/** A world of its own below the folder that was prepared. */
export async function documentedWorld(below: string, name: string): Promise<DocumentedWorld> {
  const folder = join(below, name);
  await cp(join(below, PREPARED), folder, { recursive: true });
  const server = await startServer(options(folder));
  const address = `127.0.0.1:${server.tlsPort}`;
  const web = `server: "${server.web!.url}"`;
  return {
    server,
    folder,
    env: {
      HOME: join(folder, "home"),
      OMERO_HOST: address,
      OMERO_USER: ANN.username,
      OMERO_PASSWORD: ANN.password,
    },
    here: (code) =>
      code
        .replaceAll("omero.example.org", address)
        .replaceAll(/"\/(?:mnt\/lab|data)\/tables/g, `"${join(folder, "arrays")}`)
        .replaceAll(/(?<=parentId: 101)(?=, token)/g, `, ${web}`)
        .replaceAll(/(?<=remotePath: "[^"]*",)/g, ` web: { ${web} },`),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(login: ConnectOptions): Promise<void> {
  const connection = await connectToOmero({ ...login, interactive: false });
  try {
    await makeImages(connection);
    const { fileId, annotationId } = await uploadTable(cells(), "Cells", {
      connection,
      parentId: 101,
      links: [["Plate", 7]],
    });
    if (fileId !== 402 || annotationId !== 142)
      throw new Error(`the table is file ${fileId}, annotation ${annotationId}`);
  } finally {
    await connection.close();
  }
}

/** Images 101 to 103: 11 sections, 3 channels, 1 time point. */
async function makeImages(connection: OmeroConnection): Promise<void> {
  const size = { sizeX: 512, sizeY: 64, sizeZ: 11, sizeC: 3, sizeT: 1 };
  for (const [number, name] of IMAGES.entries()) {
    const planes = Array.from({ length: size.sizeZ * size.sizeC }, (_, plane) =>
      Uint16Array.from({ length: size.sizeX * size.sizeY }, (_, index) => (index * 7 + plane * 13 + number) % 4096),
    );
    await connection.createImage({ name, ...size, planes, datasetId: 5 });
  }
}

function cells() {
  const rows = <T>(make: (row: number) => T) => Array.from({ length: ROWS }, (_, row) => make(row));
  return {
    image: rows((row) => 101 + (row % 3)),
    object: rows((row) => row + 1),
    well: rows((row) => 70 + (row % 4)),
    position: rows((row) => WELLS[row % 4]!),
    area: rows((row) => (row % 60 === 7 ? Number.NaN : ((row * 37) % 101) / 2)),
    "mean area": rows((row) => ((row * 53) % 97) / 2),
    intensity: rows((row) => ((row * 29) % 211) / 3),
    diagnosis: rows((row) => (row % 3 === 0 ? "malignant" : "benign")),
    label: rows((row) => LABELS[row % 3]!),
  };
}

const MEASUREMENTS = "image,object,label,area\n101,1,nucleus,12.5\n102,2,cytoplasm,80.25\n103,3,Zellkern ä,-1\n";

/** The files that snippets read. */
async function makeFiles(folder: string): Promise<void> {
  for (const name of ["home", "arrays", "plates", "project"]) await mkdir(join(folder, name), { recursive: true });
  await cp(EMAN2_DATABASE, join(folder, "project/EMAN2DB"), { recursive: true });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  await write("measurements.csv", MEASUREMENTS);
  await write("wells.csv", `Well,dose\n${WELLS.map((well, row) => `${well},${row / 2}`).join("\n")}\n`);
  await write("report.pdf", "%PDF-1.4\n");
  const lines = numbers(9).map((line) => `Line ${line}`);
  await write("Objects_Population.txt", `${[...lines, "Well\tArea", "A1\t12.5", "B2\tn/a"].join("\n")}\n`);
  const features = numbers(600).map((feature) => (feature === 0 ? "Cells_AreaShape_Area" : `Cells_Feature_${feature}`));
  const values = (row: number) => features.map((_, feature) => (row + feature / 8).toFixed(3)).join(",");
  await write("cellprofiler.csv", `Image,${features.join(",")}\n101,${values(1)}\n102,${values(2)}\n`);
  for (const image of [101, 102, 103]) await write(`plates/cells-${image}.csv`, MEASUREMENTS);
  const mapping = [101, 102, 103].map((image) => `plates/cells-${image}.csv,Image:${image}`);
  await write("plates.csv", `file,target\n${mapping.join("\n")}\n`);
  const particles = numbers(6).map((number) => ({
    data: new Float32Array(32 * 32).map((_, at) => at % (7 + number)),
    shape: [32, 32],
  }));
  await writeImages(join(folder, "particles.hdf"), particles);
}
