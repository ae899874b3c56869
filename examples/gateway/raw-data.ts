/**
 * Raw data access: a plane, a stack of tiles, a hypercube. `tsx raw-data.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and
 * OMERO_PASSWORD say of which server.
 */
import { connectToOmero } from "omero2frame";
import type { PixelArray } from "omero2frame/gateway";
import { tell } from "./tell.js";

const sum = (values: PixelArray) => (values as Uint16Array).reduce((total, value) => total + value, 0);

await using connection = await connectToOmero();
const { pixels } = await connection.getObject("Image", process.argv[2]!);
const { sizeZ, sizeC, sizeT } = pixels.info;
// A plane is a typed array with its shape.
const plane = { z: 0, c: 0, t: 0 };
const { shape, type } = await pixels.getPlane(plane);
const { minimum, maximum } = await pixels.statistics([plane]);
tell("000.04a getPlane", [...shape, type, minimum, maximum]);
// A stack of tiles comes by one call where it is small, and is read ahead in bounded memory where it is not.
const tiles = Array.from({ length: sizeZ }, (_, z) => ({ z, x: 50, y: 20, width: 10, height: 10 }));
const sums: number[] = [];
for await (const { data } of pixels.tiles(tiles)) sums.push(sum(data));
tell("000.04b getTiles", sums);
// The upper half of the sections, in all channels and time points, as one array.
const first = Math.floor(sizeZ / 2);
const cube = await pixels.hypercube({ z: [first, sizeZ] });
tell("000.04c getPlanes hypercube", [(sizeZ - first) * sizeC * sizeT, sum(cube.data)]);
