/**
 * New images: from arrays, and from the mean of two channels of another. `tsx create-image.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and
 * OMERO_PASSWORD say of which server.
 */
import { connectToOmero } from "omero2frame";
import { tell } from "./tell.js";

await using connection = await connectToOmero();
// From scratch: two channels of 5 x 4 pixels.
const plane1 = Int8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
const plane2 = Int8Array.of(5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4);
const scratch = { name: "array image", description: "Image created from hard-coded arrays" };
const made = await connection.createImage({ ...scratch, sizeX: 5, sizeY: 4, sizeC: 2, planes: [plane1, plane2] });
const values: number[][] = [];
for await (const { data } of made.pixels.planes()) values.push(Array.from(data));
tell("000.10a createImageFromNumpySeq", [made.name, made.description, made.pixelsType, values]);
// From another image: planes come as they are needed, time points fastest; numbers do not overflow.
const source = await connection.getObject("Image", process.argv[2]!);
const { sizeZ, sizeT, type } = source.pixels.info;
async function* means() {
  for (let z = 0; z < sizeZ; z++) {
    for (let t = 0; t < sizeT; t++) {
      const [one, two] = [await source.pixels.getPlane({ z, c: 0, t }), await source.pixels.getPlane({ z, c: 1, t })];
      yield { ...one, data: one.data.map((value, index) => (value + two.data[index]!) / 2) };
    }
  }
}
const dataset = (await source.getParent())!;
const about = { name: "mean image", description: "Image created by averaging channels 1 and 2" };
const options = { ...about, datasetId: dataset.id, sizeZ, sizeT, type };
const mean = await connection.createImage({ ...options, planes: means() });
const sums: number[] = [];
for await (const { data } of mean.pixels.planes()) sums.push((data as Uint16Array).reduce((sum, value) => sum + value));
tell("000.10b image from existing image", [mean.name, dataset.name, sums]);
await connection.deleteObjects("Image", [made.id, mean.id]);
