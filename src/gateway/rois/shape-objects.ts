/** Regions and shapes to and from OMERO's objects. */
import { idNumber } from "../../columns/int64.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { AffineTransform, Length, Roi, Shape, UnitsLength } from "../../connect/ice/schema/omero.js";
import { type RDouble, type RInt, type RString, rbool, rdouble, rint, rlong, rstring } from "../../rtypes.js";
import { colorText, packedColor, parseColor, unpackedColor } from "../rendering/colors.js";
import { geometryMembers, geometryOf, shapeClass } from "./shape-forms.js";
import type { ImageRoi, NewRoi, RoiShape, ShapeAttributes, ShapeTransform } from "./shapes.js";

const TRANSFORM = ["a00", "a10", "a01", "a11", "a02", "a12"] as const;

/** @param known the object that is changed, of which all stays that a shape says nothing of */
export function shapeObject(shape: RoiShape, known?: Shape): Shape {
  const members = { ...attributeMembers(shape, known), ...geometryMembers(shape) };
  const text = shape.text === undefined ? null : rstring(shape.text);
  const kept = known?.iceId === shapeClass(shape.type) ? known : undefined;
  return createInstance(shapeClass(shape.type), {
    ...kept,
    loaded: true,
    ...members,
    textValue: text,
  } as object) as Shape;
}

export function roiObject({ name, description, shapes }: NewRoi, imageId: number): Roi {
  return createInstance("::omero::model::Roi", {
    image: createInstance("::omero::model::Image", { id: rlong(imageId), loaded: false }),
    name: name === undefined ? null : rstring(name),
    description: description === undefined ? null : rstring(description),
    shapesSeq: shapes.map((shape) => shapeObject(shape)),
    shapesLoaded: true,
    loaded: true,
  });
}

export function imageRoi(roi: Roi, imageId: number): ImageRoi {
  const shapes = roi.shapesSeq.filter((shape) => shape !== null).map(roiShape);
  const owner = roi.details?.owner?.id?.val;
  return withoutUndefined({
    id: idNumber(roi.id!.val, "Roi"),
    imageId,
    name: roi.name?.val,
    description: roi.description?.val,
    ownerId: owner === undefined ? undefined : idNumber(owner, "user"),
    shapes: shapes.sort((one, other) => one.id! - other.id!),
  }) as ImageRoi;
}

/** A shape with plain values. */
export function roiShape(shape: Shape): RoiShape {
  return withoutUndefined({ ...geometryOf(shape), ...attributesOf(shape) }) as RoiShape;
}

function attributeMembers(shape: ShapeAttributes, known: Shape | undefined): Partial<Shape> {
  const { z, t, c, fillColor, strokeColor, strokeWidth, fontSize, locked, transform } = shape;
  return {
    theZ: intOrNull(z),
    theT: intOrNull(t),
    theC: intOrNull(c),
    fillColor: fillColor === undefined ? null : rint(packedColor(parseColor(fillColor))),
    strokeColor: strokeColor === undefined ? null : rint(packedColor(parseColor(strokeColor))),
    strokeWidth: lengthOf(strokeWidth, "PIXEL", known?.strokeWidth),
    fontSize: lengthOf(fontSize, "POINT", known?.fontSize),
    locked: locked === undefined ? null : rbool(locked),
    transform: transform === undefined ? null : transformObject(transform, known?.transform),
  };
}

function attributesOf(shape: Shape): ShapeAttributes {
  const color = (packed: RInt | null) => (packed ? colorText(unpackedColor(packed.val)) : undefined);
  return {
    id: shape.id ? idNumber(shape.id.val, "Shape") : undefined,
    z: shape.theZ?.val,
    t: shape.theT?.val,
    c: shape.theC?.val,
    text: (shape as Shape & { textValue?: RString | null }).textValue?.val,
    fillColor: color(shape.fillColor),
    strokeColor: color(shape.strokeColor),
    strokeWidth: shape.strokeWidth?.value,
    fontSize: shape.fontSize?.value,
    locked: shape.locked?.val,
    transform: shape.transform ? transformOf(shape.transform) : undefined,
  };
}

function intOrNull(value: number | undefined): RInt | null {
  return value === undefined ? null : rint(value);
}

/** A length that stays the same keeps its unit. */
function lengthOf(value: number | undefined, unit: UnitsLength, known: Length | null | undefined): Length | null {
  if (value === undefined) return null;
  return known?.value === value ? known : createInstance("::omero::model::Length", { value, unit });
}

function transformObject(transform: ShapeTransform, known: AffineTransform | null | undefined): AffineTransform {
  const values = Object.fromEntries(TRANSFORM.map((name) => [name, rdouble(transform[name])]));
  const isSame = known && TRANSFORM.every((name) => known[name]?.val === transform[name]);
  return isSame ? known : createInstance("::omero::model::AffineTransform", { ...values, loaded: true });
}

function transformOf(transform: AffineTransform): ShapeTransform {
  const value = (member: RDouble | null) => member?.val ?? 0;
  return Object.fromEntries(TRANSFORM.map((name) => [name, value(transform[name])])) as unknown as ShapeTransform;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
