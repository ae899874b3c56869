/** Makes an image without pixels, of which nothing stays unknown: where the answer is lost, it is looked for and removed. */
import { idNumber } from "../../../columns/int64.js";
import type { OmeroConnection } from "../../../connect/connection.js";
import { createInstance } from "../../../connect/ice/schema/instance.js";
import type { Image, PixelsType } from "../../../connect/ice/schema/omero.js";
import { ServerError, throwIfAborted } from "../../../errors.js";
import { type RLong, rint, rlong, rstring } from "../../../rtypes.js";
import { deleteObjects } from "../../delete.js";
import { messageOf } from "../../files/upload-failure.js";
import { inGroup, queryParameters } from "../../query-parameters.js";
import type { PixelTypeName } from "../pixel-arrays.js";

/** Milliseconds for each call that removes what was made. */
const CLEANUP_TIMEOUT = 120_000;

export interface ImageToCreate {
  readonly name: string;
  readonly description: string;
  readonly type: PixelTypeName;
  readonly sizeX: number;
  readonly sizeY: number;
  readonly sizeZ: number;
  readonly sizeC: number;
  readonly sizeT: number;
  readonly group: number;
  /** Image whose metadata it has, and which of its channels. */
  readonly source: { readonly imageId: bigint; readonly channels: readonly number[] } | undefined;
}

export class ImageCreation {
  readonly #connection: OmeroConnection;
  readonly #wanted: ImageToCreate;
  readonly #context: Record<string, string>;
  /** Images with higher ids were made later. */
  #lastId: bigint | undefined;
  #begun = false;
  #imageId: number | undefined;

  constructor(connection: OmeroConnection, wanted: ImageToCreate) {
    this.#connection = connection;
    this.#wanted = wanted;
    this.#context = inGroup(wanted.group);
  }

  /** Makes the image. Once asked for, it is waited for even if the signal fires. */
  async create(signal: AbortSignal | undefined): Promise<number> {
    const [type, lastId] = await Promise.all([this.#pixelsType(signal), this.#highestId(signal)]);
    this.#lastId = lastId;
    throwIfAborted(signal, "createImage");
    this.#begun = true;
    const made = this.#wanted.source === undefined ? await this.#createNew(type) : await this.#copySource();
    if (!made) throw new ServerError("SERVER_FAILURE", "the server made no image, and does not say why");
    this.#imageId = idNumber(made.val, "Image");
    if (this.#wanted.source !== undefined) await this.#describe(type);
    return this.#imageId;
  }

  /** Removes the image with all that is its own. Says what is left of it, if anything is. Never throws. */
  async remove(): Promise<string | undefined> {
    if (!this.#begun) return undefined;
    let id = this.#imageId;
    try {
      id ??= await this.#find();
      if (id === undefined) return undefined;
      const { group } = this.#wanted;
      await deleteObjects(this.#connection, { Image: [id] }, { group, timeout: CLEANUP_TIMEOUT });
      return undefined;
    } catch (error) {
      const what = id === undefined ? "whether an image remains could not be found out" : `image ${id} remains`;
      return `${what}: ${messageOf(error)}`;
    }
  }

  #createNew(type: PixelsType): Promise<RLong | null> {
    const { name, description, sizeX, sizeY, sizeZ, sizeC, sizeT } = this.#wanted;
    const channels = Array.from({ length: sizeC }, (_, index) => index);
    const call = { context: this.#context };
    const pixels = this.#connection.service("::omero::api::IPixels");
    return pixels.createImage(sizeX, sizeY, sizeZ, sizeT, channels, type, name, description, call);
  }

  #copySource(): Promise<RLong | null> {
    const { name, sizeX, sizeY, sizeZ, sizeT, source } = this.#wanted;
    const sizes = [rint(sizeX), rint(sizeY), rint(sizeZ), rint(sizeT)] as const;
    const pixels = this.#connection.service("::omero::api::IPixels");
    return pixels.copyAndResizeImage(source!.imageId, ...sizes, [...source!.channels], name, false, {
      context: this.#context,
    });
  }

  /** A copy has the type and description of its source. */
  async #describe(pixelsType: PixelsType): Promise<void> {
    const { name, description } = this.#wanted;
    const parameters = queryParameters({ id: rlong(this.#imageId!) });
    const call = { context: this.#context };
    const query = "select i from Image i join fetch i.pixels where i.id = :id";
    const image = (await this.#connection.getQueryService().findByQuery(query, parameters, call)) as Image | null;
    if (!image) throw new ServerError("SERVER_FAILURE", `the server does not show image ${this.#imageId}, just made`);
    // What pixels refer to is saved with them: the image as it was, unless it is named by its id alone.
    const reference = createInstance("::omero::model::Image", { id: image.id, loaded: false });
    const pixels = image.pixelsSeq.flatMap((each) => (each ? [{ ...each, pixelsType, image: reference }] : []));
    const texts = { name: rstring(name), description: rstring(description) };
    const described: Image = { ...image, ...texts, pixelsSeq: [], pixelsLoaded: false };
    await this.#connection.getUpdateService().saveArray([described, ...pixels], call);
  }

  async #pixelsType(signal: AbortSignal | undefined): Promise<PixelsType> {
    const parameters = queryParameters({ value: rstring(this.#wanted.type) });
    const call = { signal, context: this.#context };
    const query = "from PixelsType as p where p.value = :value";
    const type = await this.#connection.getQueryService().findByQuery(query, parameters, call);
    if (type) return type as PixelsType;
    throw new ServerError("SERVER_FAILURE", `the server knows no pixels of the type ${this.#wanted.type}`);
  }

  async #highestId(signal: AbortSignal | undefined): Promise<bigint> {
    const query = "select max(i.id) from Image i";
    const call = { signal, context: this.#context };
    const [row] = await this.#connection.getQueryService().projection(query, queryParameters({}), call);
    return (row?.[0] as RLong | null | undefined)?.val ?? 0n;
  }

  /** This user's image of the name, made since. */
  async #find(): Promise<number | undefined> {
    const query = "select i.id from Image i where i.id > :last and i.name = :name and i.details.owner.id = :owner";
    const parameters = queryParameters({
      last: rlong(this.#lastId!),
      name: rstring(this.#wanted.name),
      owner: rlong(this.#connection.session.userId),
    });
    const call = { context: this.#context, timeout: CLEANUP_TIMEOUT };
    const rows = await this.#connection.getQueryService().projection(query, parameters, call);
    const ids = rows.map(([id]) => idNumber((id as RLong).val, "Image"));
    if (ids.length > 1) throw new ServerError("SERVER_FAILURE", `there are ${ids.length} that it may be`);
    return ids[0];
  }
}
