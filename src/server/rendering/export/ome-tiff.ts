/**
 * An OME-TIFF of a pixel file: directories and XML come first, then the pixels, which a pixel file has in the very order
 * and form that a big-endian TIFF has.
 */
import { apiUsage } from "../../exceptions.js";
import type { PixelsLayout } from "../../pixels/pixels-layout.js";

const [SHORT, LONG, ASCII] = [3, 4, 2];
const HEADER_BYTES = 8;
/** Offsets are 32 bits wide. */
const LONGEST = 2 ** 32 - 1;
const MAXIMUM_PLANES = 100_000;

type Field = readonly [tag: number, type: number, count: number, value: number];

/**
 * Everything before the pixels.
 * @throws IceUserException ApiUsageException for an image that is too large for a TIFF.
 */
export function tiffHead(layout: PixelsLayout, xml: string): Buffer {
  const planes = layout.sizes.z * layout.sizes.c * layout.sizes.t;
  if (planes > MAXIMUM_PLANES) throw apiUsage(`${planes} planes: a TIFF is written of at most ${MAXIMUM_PLANES}`);
  const description = Buffer.from(`${xml}\0`);
  const fieldCount = fieldsOf(layout, 0, description.length, 0).length;
  const directoryBytes = 2 + fieldCount * 12 + 4;
  const textAt = HEADER_BYTES + planes * directoryBytes;
  const pixelsAt = textAt + description.length + (description.length % 2);
  if (pixelsAt + layout.totalSize > LONGEST) throw apiUsage("A TIFF has at most 4 GiB: the image has more");
  const head = Buffer.alloc(pixelsAt);
  head.write("MM", 0, "latin1");
  head.writeUInt16BE(42, 2);
  head.writeUInt32BE(HEADER_BYTES, 4);
  for (let plane = 0; plane < planes; plane++) {
    const at = HEADER_BYTES + plane * directoryBytes;
    const fields = fieldsOf(layout, textAt, description.length, pixelsAt + plane * layout.planeSize);
    writeDirectory(head, at, fields, plane === planes - 1 ? 0 : at + directoryBytes);
  }
  description.copy(head, textAt);
  return head;
}

function fieldsOf(layout: PixelsLayout, textAt: number, textLength: number, pixelsAt: number): Field[] {
  const { kind, sizes } = layout;
  return [
    [256, LONG, 1, sizes.x],
    [257, LONG, 1, sizes.y],
    [258, SHORT, 1, kind.width * 8],
    [259, SHORT, 1, 1], // not compressed
    [262, SHORT, 1, 1], // 0 is black
    [270, ASCII, textLength, textAt],
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, 1], // one sample a pixel
    [278, LONG, 1, sizes.y],
    [279, LONG, 1, layout.planeSize],
    [339, SHORT, 1, kind.isFloat ? 3 : kind.isSigned ? 2 : 1],
  ];
}

function writeDirectory(into: Buffer, at: number, fields: readonly Field[], next: number): void {
  into.writeUInt16BE(fields.length, at);
  for (const [index, [tag, type, count, value]] of fields.entries()) {
    const field = at + 2 + index * 12;
    into.writeUInt16BE(tag, field);
    into.writeUInt16BE(type, field + 2);
    into.writeUInt32BE(count, field + 4);
    if (type === SHORT) into.writeUInt16BE(value, field + 8);
    else into.writeUInt32BE(value, field + 8);
  }
  into.writeUInt32BE(next, at + 2 + fields.length * 12);
}
