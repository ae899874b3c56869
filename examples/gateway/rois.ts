/** Regions: drawing, listing and removing shapes. `tsx rois.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import { tell } from "./tell.js";

await using connection = await connectToOmero();
const image = await connection.getObject("Image", process.argv[2]!);
const plane = { z: Math.floor(image.sizeZ! / 2), t: 0 };
const [x, y, width, height] = [50, 200, 100, 50];
const [drawn] = await image.createRois([
  {
    shapes: [
      { type: "Rectangle", x, y, width, height, text: "test-Rectangle", ...plane },
      { type: "Ellipse", x: y, y: x, radiusX: width, radiusY: height, text: "test-Ellipse", ...plane },
    ],
  },
]);
tell("000.07a create ROI", drawn!.shapes.length);
// All regions of the image, with plain values whatever the shape.
const regions = await image.rois();
const shapes = [...regions].flatMap((roi) => roi.shapes);
tell(
  "000.07b findByImage",
  shapes.map(({ id: _, ...shape }) => shape),
);
// The same regions without the ellipse.
const kept = [...regions].map((roi) => ({ ...roi, shapes: roi.shapes.filter(({ text }) => text !== "test-Ellipse") }));
const changed = await image.updateRois(kept);
tell(
  "000.07c remove shape",
  changed.flatMap((roi) => roi.shapes.map(({ text }) => text)),
);
await image.removeRois([drawn!.id]);
