/**
 * Projects, datasets, images; screens, plates, wells. `tsx read-data.ts IMAGE_ID DATASET_ID PLATE_ID`, where OMERO_HOST, OMERO_USER and
 * OMERO_PASSWORD say of which server.
 */
import { connectToOmero } from "omero2frame";
import type { DescribedObject } from "omero2frame/gateway";
import { digest } from "./digest.js";
import { tell } from "./tell.js";

const [imageId, datasetId, plateId] = process.argv.slice(2) as [string, string, string];
const shown = ({ type, id, name, details }: DescribedObject) => [type, id, name, details.owner?.userName];

await using connection = await connectToOmero();
const owner = connection.session.userId;
// What lies below objects that came together is loaded together.
const tree: unknown[] = [];
for await (const project of connection.listProjects({ owner })) {
  tree.push(shown(project));
  for await (const dataset of project.listChildren()) {
    tree.push(shown(dataset));
    for await (const image of dataset.listChildren()) tree.push(shown(image));
  }
}
tell("000.02a listProjects>Datasets>Images", tree);
const datasets: unknown[] = [];
for await (const dataset of connection.getObjects("Dataset", { owner })) datasets.push(shown(dataset));
tell("000.02b getObjects Dataset params.exp", datasets);
const images: unknown[] = [];
const dataset = await connection.getObject("Dataset", datasetId);
for await (const image of dataset.listChildren()) images.push(shown(image));
tell("000.02c getObject Dataset listChildren", images);
const image = await connection.getObject("Image", imageId);
const { name, description, sizeX, sizeY, sizeZ, sizeC, sizeT } = image;
tell("000.02d getObject Image sizes", [name, description, sizeX, sizeY, sizeZ, sizeC, sizeT]);
const picture = await image.render({ z: Math.floor(sizeZ! / 2), t: 0 });
tell("000.02e renderImage", digest(picture));
const screens: unknown[] = [];
for await (const screen of connection.getObjects("Screen")) {
  screens.push(shown(screen));
  for await (const plate of screen.listChildren()) screens.push(shown(plate));
}
tell("000.02f Screens>Plates", screens);
const plate = await connection.getObject("Plate", plateId);
tell("000.02g plate.getNumberOfFields", await plate.getNumberOfFields());
const { rows, columns } = await plate.getGridSize();
tell("000.02h plate.getGridSize", [rows, columns]);
const wells: unknown[] = [];
for await (const well of plate.listChildren()) {
  wells.push([well.row, well.column, well.countWellSamples()]);
  for (const image of well.images) wells.push([image.name, image.id]);
}
tell("000.02i wells and images", wells);
