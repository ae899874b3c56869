/** Regions: drawing, listing and removing shapes. `tsx rois.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";

await using connection = await connectToOmero();
const image = await connection.getObject("Image", process.argv[2]!);
const plane = { z: Math.floor(image.pixels.info.sizeZ / 2), t: 0 };

// A region with a rectangle and an ellipse.
const [x, y, width, height] = [50, 200, 100, 50];
const [drawn] = await image.createRois([
  {
    shapes: [
      { type: "Rectangle", x, y, width, height, text: "test-Rectangle", ...plane },
      { type: "Ellipse", x: y, y: x, radiusX: width, radiusY: height, text: "test-Ellipse", ...plane },
    ],
  },
]);

// All regions of the image, with plain values whatever the shape.
for (const { id, shapes } of await image.rois()) {
  if (id !== drawn!.id) continue;
  for (const { id: _, ...shape } of shapes) console.log(JSON.stringify(shape));
}

// The same region without the ellipse.
await image.updateRois([{ ...drawn!, shapes: drawn!.shapes.filter(({ text }) => text !== "test-Ellipse") }]);
const left = (await image.rois()).find(drawn!.id)!;
console.log("left:", left.shapes.map(({ text }) => text).join(", "));
await image.removeRois([drawn!.id]);
