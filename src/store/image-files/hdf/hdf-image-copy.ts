/** Carries images from one EMAN2 stack to another as they are kept: compressed ones are not unpacked in between. */
import { DataError } from "../../../errors.js";
import { type PixelType, pixelType } from "../../images/pixels.js";
import { type HdfAttributeObject, headerValue } from "./hdf-attribute-values.js";
import { encodedAttribute, type HdfAttribute } from "./hdf-attributes.js";
import { storedStackImage } from "./hdf-image-reader.js";
import { putImage } from "./hdf-image-writer.js";
import type { HdfGroup, OpenStack } from "./hdf-library.js";

const TYPES: Readonly<Record<PixelType, string>> = {
  uint8: "<B",
  int8: "<b",
  uint16: "<H",
  int16: "<h",
  uint32: "<I",
  int32: "<i",
  float32: "<f",
  float64: "<d",
  int64: "<q",
  uint64: "<Q",
};

/** @throws DataError `MALFORMED_FILE`; `UNSUPPORTED_TYPE` for an attribute that cannot be carried over */
export function copyStackImage(from: OpenStack, group: HdfGroup, n: number): void {
  const { attributes, chunks, ...image } = storedStackImage(from, n);
  const copies = Object.entries(attributes).map(([name, attribute]) => copiedAttribute(from.path, name, attribute));
  putImage(group, n, {
    ...image,
    attributes: copies,
    type: TYPES[pixelType(image.data)!],
    chunks: chunks ?? undefined,
  });
}

/** Numbers with the type they have; all others as they are written here. @throws DataError `UNSUPPORTED_TYPE` */
export function copiedAttribute(path: string, name: string, attribute: HdfAttributeObject): HdfAttribute {
  const { dtype, shape } = attribute;
  const value = headerValue(attribute);
  if (value === undefined) {
    const message = `${path} has an attribute ${name} of a type that cannot be carried over; write to a new file`;
    throw new DataError("UNSUPPORTED_TYPE", message, { path });
  }
  if (typeof dtype !== "string" || !/^[<>|]?[bhiqfd]$/i.test(dtype)) return { name, ...encodedAttribute(name, value) };
  const numbers = [attribute.value].flatMap((item) => (ArrayBuffer.isView(item) ? [...(item as Int32Array)] : [item]));
  return { name, data: numbers as number[], shape: (shape ?? []).map(Number), type: `<${dtype.slice(-1)}` };
}
