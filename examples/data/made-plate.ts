/** A plate with an image in every well, for examples: nuclei in blue, and a marker that is brighter in some wells. */
import type { OmeroConnection, omero } from "omero2frame";
import { rint, rlong } from "omero2frame";
import type { Plate } from "omero2frame/gateway";

const ROWS = 8;
const COLUMNS = 12;
const SIDE = 96;

/** Numbers that are the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Nuclei with a soft edge over a noisy background. */
function planeOf(spots: readonly Spot[], brightness: number, random: () => number): Uint16Array {
  const plane = Uint16Array.from({ length: SIDE * SIDE }, () => 100 + 40 * random());
  for (const { x, y, radius } of spots) {
    for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(SIDE, y + radius); row++) {
      for (let column = Math.max(0, Math.floor(x - radius)); column < Math.min(SIDE, x + radius); column++) {
        const distance = ((column - x) ** 2 + (row - y) ** 2) / radius ** 2;
        if (distance < 1) plane[row * SIDE + column]! += brightness * (1 - distance ** 2);
      }
    }
  }
  return plane;
}

/** Makes the plate in a screen; a marker is brightest around C4 and G10. */
export async function madePlate(connection: OmeroConnection): Promise<Plate> {
  const screen = await connection.createObject("Screen", { name: "Kinase inhibitors" });
  const plate = await connection.createObject("Plate", { name: "P001", parent: screen });
  const wells: omero.IObject[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const image = await wellImage(connection, row, column);
      wells.push(well(plate.id, row, column, image));
    }
  }
  await connection.getUpdateService().saveAndReturnArray(wells);
  return connection.getObject("Plate", plate.id);
}

/** The marker lies around the nucleus, too. */
function widened(spot: Spot): Spot {
  return { ...spot, radius: 1.6 * spot.radius };
}

async function wellImage(connection: OmeroConnection, row: number, column: number): Promise<number> {
  const random = randomNumbers(row * COLUMNS + column + 1);
  const count = 6 + Math.floor(10 * random());
  const spots = Array.from({ length: count }, () => ({
    x: SIDE * random(),
    y: SIDE * random(),
    radius: 5 + 5 * random(),
  }));
  const near = (toRow: number, toColumn: number) => Math.exp(-((row - toRow) ** 2 + (column - toColumn) ** 2) / 4);
  const marker = 150 + 2500 * Math.max(near(2, 3), near(6, 9)) * (0.8 + 0.4 * random());
  const { id } = await connection.createImage({
    name: `${String.fromCharCode(65 + row)}${column + 1}`,
    sizeX: SIDE,
    sizeY: SIDE,
    sizeC: 2,
    channels: [
      { label: "DAPI", color: "#0000FF" },
      { label: "marker", color: "#00FF00" },
    ],
    planes: [planeOf(spots, 1800, random), planeOf(spots.map(widened), marker, random)],
  });
  return id;
}

/** A well with one field, as OMERO keeps it. */
function well(plateId: number, row: number, column: number, imageId: number): omero.IObject {
  const image = { iceId: "::omero::model::Image", id: rlong(imageId), loaded: false };
  const sample = { iceId: "::omero::model::WellSample", image, loaded: true };
  return {
    iceId: "::omero::model::Well",
    plate: { iceId: "::omero::model::Plate", id: rlong(plateId), loaded: false },
    row: rint(row),
    column: rint(column),
    wellSamplesSeq: [sample],
    wellSamplesLoaded: true,
    loaded: true,
  } as unknown as omero.IObject;
}
