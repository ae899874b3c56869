/** OME-XML of an image, as an OME-TIFF holds it. */
import { randomUUID } from "node:crypto";
import type { StoredPixels } from "../../pixels/stored-pixels.js";
import type { World } from "../../world/world.js";

const NAMESPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06";

/** Names of pixel types where OME-XML has others. */
const TYPES: Record<string, string> = { complex: "complex", "double-complex": "double-complex" };

/** Planes of the file are in the order X, Y, Z, C, T. */
export function omeXml(world: World, pixels: StoredPixels): string {
  const { sizes, kind } = pixels.layout;
  const image = world.referenced(pixels.object, "image");
  const name = textOf(image?.values.name);
  const description = textOf(image?.values.description);
  const created = new Date(image?.created ?? 0).toISOString().slice(0, 19);
  const size = `SizeX="${sizes.x}" SizeY="${sizes.y}" SizeZ="${sizes.z}" SizeC="${sizes.c}" SizeT="${sizes.t}"`;
  const channels = pixels.channels.map((channel, index) => {
    const label = textOf(world.referenced(channel, "logicalChannel")?.values.name);
    return `<Channel ID="Channel:0:${index}" SamplesPerPixel="1"${label === "" ? "" : ` Name="${escaped(label)}"`}/>`;
  });
  return (
    `<?xml version="1.0" encoding="UTF-8"?><OME xmlns="${NAMESPACE}" UUID="urn:uuid:${randomUUID()}">` +
    `<Image ID="Image:0" Name="${escaped(name)}"><AcquisitionDate>${created}</AcquisitionDate>` +
    (description === "" ? "" : `<Description>${escaped(description)}</Description>`) +
    `<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="${TYPES[kind.name] ?? kind.name}" BigEndian="true" ${size}>` +
    `${channels.join("")}<TiffData IFD="0" PlaneCount="${sizes.z * sizes.c * sizes.t}"/></Pixels></Image></OME>`
  );
}

function escaped(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // XML has no word for most control characters.
  return text.replace(/[&<>"]/g, (sign) => signs[sign]!).replace(/\p{Cc}/gu, " ");
}

function textOf(value: unknown): string {
  return (value as { val: string } | null | undefined)?.val ?? "";
}
