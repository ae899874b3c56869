/** Shapes of regions as plain values. */

/** What all shapes have. */
export interface ShapeAttributes {
  /** Id of the Shape; none for a new one. */
  readonly id?: number | undefined;
  /** Section, from 0; in all where it is left out. */
  readonly z?: number | undefined;
  /** Time point, from 0; in all where it is left out. */
  readonly t?: number | undefined;
  /** Channel, from 0; in all where it is left out. */
  readonly c?: number | undefined;
  /** What stands beside it. */
  readonly text?: string | undefined;
  /** `#RRGGBB`, or with opacity `#RRGGBBAA`. */
  readonly fillColor?: string | undefined;
  /** `#RRGGBB`, or with opacity `#RRGGBBAA`. */
  readonly strokeColor?: string | undefined;
  /** Width of its line, in pixels. */
  readonly strokeWidth?: number | undefined;
  /** Size of its text, in points. */
  readonly fontSize?: number | undefined;
  /** Whether clients let nobody move it. */
  readonly locked?: boolean | undefined;
  /** Turns and moves it: x' = a00 x + a01 y + a02, y' = a10 x + a11 y + a12. */
  readonly transform?: ShapeTransform | undefined;
}

/** An affine transformation of the plane. */
export interface ShapeTransform {
  /** Factor of x for x. */
  readonly a00: number;
  /** Factor of x for y. */
  readonly a10: number;
  /** Factor of y for x. */
  readonly a01: number;
  /** Factor of y for y. */
  readonly a11: number;
  /** Added to x. */
  readonly a02: number;
  /** Added to y. */
  readonly a12: number;
}

/** A place, in pixels: x, y. */
export type XY = readonly [x: number, y: number];

/** A rectangle, by its upper left corner. */
export interface RectangleShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Rectangle";
  /** Left edge. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}
/** An ellipse, by its centre. */
export interface EllipseShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Ellipse";
  /** Column of the centre. */
  readonly x: number;
  /** Row of the centre. */
  readonly y: number;
  /** Half its width. */
  readonly radiusX: number;
  /** Half its height. */
  readonly radiusY: number;
}
/** A point. */
export interface PointShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Point";
  /** Column. */
  readonly x: number;
  /** Row. */
  readonly y: number;
}
/** A line, with marks such as `Arrow` at its ends. */
export interface LineShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Line";
  /** Column of its start. */
  readonly x1: number;
  /** Row of its start. */
  readonly y1: number;
  /** Column of its end. */
  readonly x2: number;
  /** Row of its end. */
  readonly y2: number;
  /** Mark at its start. */
  readonly markerStart?: string | undefined;
  /** Mark at its end. */
  readonly markerEnd?: string | undefined;
}
/** A closed line of three points or more. */
export interface PolygonShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Polygon";
  /** Its corners, the first not again at the end. */
  readonly points: readonly XY[];
}
/** An open line of two points or more. */
export interface PolylineShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Polyline";
  /** Its corners. */
  readonly points: readonly XY[];
}
/** Text at a place. */
export interface LabelShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Label";
  /** Column. */
  readonly x: number;
  /** Row. */
  readonly y: number;
}
/** Pixels of a rectangle. */
export interface MaskShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Mask";
  /** Left edge. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** One element a pixel, row by row; those that are not 0 are in the region. */
  readonly data: Uint8Array;
}
/** A path as SVG writes it. */
export interface PathShape extends ShapeAttributes {
  /** Tells it from others. */
  readonly type: "Path";
  /** For example `M 10 10 L 20 10 L 20 20 Z`. */
  readonly d: string;
}

/** A shape of a region; `type` tells which. */
export type RoiShape =
  | RectangleShape
  | EllipseShape
  | PointShape
  | LineShape
  | PolygonShape
  | PolylineShape
  | LabelShape
  | MaskShape
  | PathShape;

/** OMERO's name of a type of shape. */
export type ShapeType = RoiShape["type"];

/** A region to be made: shapes that belong together. */
export interface NewRoi {
  /** Its name. */
  readonly name?: string | undefined;
  /** What it is. */
  readonly description?: string | undefined;
  /** One or more. */
  readonly shapes: readonly RoiShape[];
}

/** A region of an image. */
export interface ImageRoi extends NewRoi {
  /** Id of the Roi. */
  readonly id: number;
  /** Id of the Image. */
  readonly imageId: number;
  /** User who owns it. */
  readonly ownerId: number | undefined;
}
