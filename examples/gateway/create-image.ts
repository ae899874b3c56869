/**
 * New images: from arrays, and from the mean of two channels of another. `tsx create-image.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and
 * OMERO_PASSWORD say of which server.
 */
import { connectToOmero } from "omero2frame";
import type { ImagePixels } from "omero2frame/gateway";

await using connection = await connectToOmero();

// From scratch: two channels of 5 x 4 pixels.
const plane1 = Int8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
const plane2 = Int8Array.of(5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4);
const description = "Image created from hard-coded arrays";
const sizes = { sizeX: 5, sizeY: 4, sizeC: 2 };
const made = await connection.createImage({ name: "array image", description, ...sizes, planes: [plane1, plane2] });
console.log(made.id, made.name, made.pixelsType);

// From another image: planes come as they are needed, time points fastest.
const source = await connection.getObject("Image", process.argv[2]!);
const { sizeZ, sizeT, type } = source.pixels.info;

async function* means(pixels: ImagePixels) {
  for (let z = 0; z < sizeZ; z++) {
    for (let t = 0; t < sizeT; t++) {
      const { data, shape } = await pixels.getPlane({ z, c: 0, t });
      const other = (await pixels.getPlane({ z, c: 1, t })).data;
      yield { data: data.map((value, index) => (value + other[index]!) / 2), shape }; // numbers do not overflow
    }
  }
}

const mean = await connection.createImage({
  name: "mean image",
  description: `Created from Image ${source.id} by averaging channels 1 and 2`,
  sizeZ,
  sizeT,
  type,
  planes: means(source.pixels),
});
const { minimum, maximum, mean: average } = await mean.pixels.statistics();
console.log(mean.id, mean.name, "min:", minimum, "max:", maximum, "mean:", average);
