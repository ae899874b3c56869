/** Projects, datasets, images; screens, plates, wells. `tsx read-data.ts IMAGE_ID DATASET_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import type { OmeroObject } from "omero2frame/gateway";

const [imageId, datasetId] = process.argv.slice(2) as [string, string];
const show = (object: OmeroObject & { name: string }, indent = 0) =>
  console.log(
    `${" ".repeat(indent)}${object.type}:${object.id} Name:${object.name} owner=${object.details.owner?.userName}`,
  );

await using connection = await connectToOmero();
const owner = connection.session.userId;

// What lies below objects that came together is loaded together.
for await (const project of connection.listProjects({ owner })) {
  show(project);
  for await (const dataset of project.listChildren()) {
    show(dataset, 2);
    for await (const image of dataset.listChildren()) show(image, 4);
  }
}

for await (const dataset of connection.getObjects("Dataset", { owner })) show(dataset);
const dataset = await connection.getObject("Dataset", datasetId);
for await (const image of dataset.listChildren()) show(image);

const { name, description, sizeX, sizeY, sizeZ, sizeC, sizeT } = await connection.getObject("Image", imageId);
console.log(name, description, sizeX, sizeY, sizeZ, sizeC, sizeT);

for await (const screen of connection.getObjects("Screen")) {
  show(screen);
  for await (const plate of screen.listChildren()) {
    show(plate, 2);
    const { rows, columns } = await plate.getGridSize();
    console.log("fields:", (await plate.getNumberOfFields())?.join(" to "), "grid:", rows, "x", columns);
    for await (const well of plate.listChildren()) {
      console.log("well:", well.name, well.row, well.column, "fields:", well.countWellSamples());
      for (const image of well.images) console.log("  image:", image.name, image.id);
    }
  }
}
