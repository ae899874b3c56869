/** What OMERO says of an image's pixels. */
import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { IObject, Pixels } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { ServerError, TableError } from "../../errors.js";
import { rlong } from "../../rtypes.js";
import { findObject } from "../find-object.js";
import { inGroup, queryParameters } from "../query-parameters.js";
import { type PixelTypeName, pixelTypeName } from "./pixel-arrays.js";

/** Size and type of an image's pixels, and where they are. */
export interface PixelsInfo {
  /** Id of the Pixels. */
  readonly id: number;
  /** Id of the Image. */
  readonly imageId: number;
  /** Group that the image is in. */
  readonly groupId: number;
  /** OMERO's name of the type of each pixel. */
  readonly type: PixelTypeName;
  /** Pixels in a row. */
  readonly sizeX: number;
  /** Rows of a plane. */
  readonly sizeY: number;
  /** Sections. */
  readonly sizeZ: number;
  /** Channels. */
  readonly sizeC: number;
  /** Time points. */
  readonly sizeT: number;
  /** Resolution level that `sizeX` and `sizeY` are of; the whole image unless it is given. */
  readonly level?: number | undefined;
}

const PRIMARY_PIXELS = "select p from Pixels p join fetch p.pixelsType where p.image.id = :id order by p.id";

/** The info of Pixels whose type is loaded. @throws ServerError `SERVER_FAILURE` where something is missing */
export function pixelsInfo(pixels: Pixels): PixelsInfo {
  return {
    id: idNumber(part(pixels, "id", pixels.id?.val), "Pixels"),
    imageId: idNumber(part(pixels, "image", pixels.image?.id?.val), "Image"),
    groupId: idNumber(part(pixels, "group", pixels.details?.group?.id?.val), "group"),
    type: pixelTypeName(part(pixels, "type", pixels.pixelsType?.value?.val)),
    sizeX: part(pixels, "sizeX", pixels.sizeX?.val),
    sizeY: part(pixels, "sizeY", pixels.sizeY?.val),
    sizeZ: part(pixels, "sizeZ", pixels.sizeZ?.val),
    sizeC: part(pixels, "sizeC", pixels.sizeC?.val),
    sizeT: part(pixels, "sizeT", pixels.sizeT?.val),
  };
}

/**
 * The info of an image's first Pixels, in whichever group the image is.
 * @throws TableError `NOT_FOUND` where there is no such image, or it has no pixels; `NOT_PERMITTED`
 */
export async function findPixelsInfo(
  connection: OmeroConnection,
  imageId: ObjectId,
  signal?: AbortSignal,
): Promise<PixelsInfo> {
  const id = toObjectId(imageId, "imageId");
  const call = { signal, context: inGroup(-1) };
  const [first] = await connection
    .getQueryService()
    .findAllByQuery(PRIMARY_PIXELS, queryParameters({ id: rlong(id) }), call);
  if (first) return pixelsInfo(asPixels(first));
  await findObject(connection, "Image", id, { signal });
  throw new TableError("NOT_FOUND", `Image ${id} has no pixels`);
}

function asPixels(object: IObject): Pixels {
  if (object.iceId === "::omero::model::Pixels") return object as Pixels;
  throw new ServerError("SERVER_FAILURE", `the server gave a ${object.iceId} where Pixels were asked for`);
}

function part<T>(pixels: Pixels, name: string, value: T | null | undefined): T {
  if (value !== null && value !== undefined) return value;
  throw new ServerError("SERVER_FAILURE", `the server does not say the ${name} of Pixels ${pixels.id?.val ?? "?"}`);
}
