import type { RoiShape } from "../../../src/gateway/rois/shapes.js";

/** A shape of every type, the first with all that shapes can have. */
export const EVERY_SHAPE: readonly RoiShape[] = [
  {
    type: "Rectangle",
    x: 5,
    y: 6.5,
    width: 7,
    height: 8,
    z: 0,
    t: 0,
    c: 1,
    text: "nucleus ä",
    fillColor: "#FF000080",
    strokeColor: "#00FF00",
    strokeWidth: 2.5,
    fontSize: 12,
    locked: true,
    transform: { a00: 1, a10: 0.5, a01: 0, a11: 1, a02: 3, a12: 4 },
  },
  { type: "Ellipse", x: 20, y: 20, radiusX: 5, radiusY: 3 },
  { type: "Point", x: 1.5, y: 2.5 },
  { type: "Line", x1: 0, y1: 1, x2: 10, y2: 11, markerEnd: "Arrow" },
  {
    type: "Polygon",
    points: [
      [0, 0],
      [10, 0],
      [10, 10.25],
    ],
  },
  {
    type: "Polyline",
    points: [
      [0, -1e-7],
      [1, 1],
      [2, 0],
    ],
  },
  { type: "Label", x: 3, y: 4, text: "here" },
  {
    type: "Mask",
    x: 10,
    y: 11,
    width: 7,
    height: 5,
    data: Uint8Array.from({ length: 35 }, (_, at) => Number(at % 3 === 0)),
  },
  { type: "Path", d: "M 0 0 L 10 0 L 10 10 Z" },
];
