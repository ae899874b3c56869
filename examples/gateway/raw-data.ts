/**
 * Raw data access: a plane, a stack of tiles, a hypercube. `tsx raw-data.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and
 * OMERO_PASSWORD say of which server.
 */
import { connectToOmero } from "omero2frame";

await using connection = await connectToOmero();
const { pixels } = await connection.getObject("Image", process.argv[2]!);
const { sizeZ } = pixels.info;

// A plane is a typed array with its shape.
const plane = await pixels.getPlane({ z: 0, c: 0, t: 0 });
const { minimum, maximum } = await pixels.statistics([{ z: 0, c: 0, t: 0 }]);
console.log("plane:", plane.shape.join(" x "), plane.type, "min:", minimum, "max:", maximum);

// A stack of tiles comes by one call where it is small, and is read ahead in bounded memory where it is not.
const tiles = Array.from({ length: sizeZ }, (_, z) => ({ z, x: 50, y: 20, width: 10, height: 10 }));
for await (const { z, data } of pixels.tiles(tiles)) {
  console.log(
    "tile:",
    z,
    "sum:",
    (data as Uint16Array).reduce((sum, value) => sum + value, 0),
  );
}

// The upper half of the sections, in all channels and time points, as one array.
const { shape, data } = await pixels.hypercube({ z: [Math.floor(sizeZ / 2), sizeZ] });
console.log(
  "hypercube:",
  shape.join(" x "),
  "sum:",
  (data as Uint16Array).reduce((sum, value) => sum + value, 0),
);
