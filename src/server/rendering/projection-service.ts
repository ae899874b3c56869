/** `omero::api::IProjection`: stacks made into planes, as bytes or as new images. */
import type { PixelsType } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { rstring } from "../../rtypes.js";
import { validation } from "../exceptions.js";
import type { ObjectReference } from "../model/object-store.js";
import { copyPixels, createStatistics } from "../pixels/make-pixels.js";
import { PixelSource } from "../pixels/pixel-source.js";
import { NO_RANGE, type ValueRange, widened } from "../pixels/pixel-statistics.js";
import { PixelWriter } from "../pixels/pixel-writer.js";
import { bytesOfPixels } from "../pixels/pixels-kinds.js";
import { StoredPixels } from "../pixels/stored-pixels.js";
import type { SessionContext } from "../services/context.js";
import type { Access } from "../world/access.js";
import { changeStored, createStored } from "../world/create-stored.js";
import { checkProjection, type Projection, type ProjectionName, project } from "./pictures/projection.js";

const METHODOLOGY: Record<ProjectionName, string> = {
  MAXIMUMINTENSITY: "MAXIMUM_INTENSITY_PROJECTION",
  MEANINTENSITY: "MEAN_INTENSITY_PROJECTION",
  SUMINTENSITY: "SUM_INTENSITY_PROJECTION",
};

interface Made {
  readonly from: StoredPixels;
  readonly to: StoredPixels;
  readonly writer: PixelWriter;
  readonly projection: Omit<Projection, "t">;
  readonly times: readonly number[];
}

export class ProjectionService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async projectStack(
    id: bigint,
    _type: PixelsType | null,
    algorithm: ProjectionName,
    t: number,
    channel: number,
    stepping: number,
    start: number,
    end: number,
    current: Current,
  ): Promise<Uint8Array> {
    const pixels = this.#pixels(this.#context.access(current), id);
    if (channel < 0) throw validation(`channel: ${channel} < 0`);
    if (channel >= pixels.layout.sizes.c) throw validation(`channel index must be <${pixels.layout.sizes.c}`);
    const values = await project(this.#source(pixels), channel, { algorithm, t, stepping, start, end });
    return bytesOfPixels(pixels.layout.kind, values);
  }

  /** A new image of one plane a channel and timepoint; answers its id. */
  async projectPixels(
    id: bigint,
    _type: PixelsType | null,
    algorithm: ProjectionName,
    firstT: number,
    lastT: number,
    channels: Int32Array,
    stepping: number,
    start: number,
    end: number,
    name: string,
    current: Current,
  ): Promise<bigint> {
    const access = this.#context.access(current);
    const from = this.#pixels(access, id);
    for (const t of [firstT, lastT]) checkProjection(this.#source(from), { algorithm, t, stepping, start, end });
    if (firstT > lastT) throw validation(`timepoints from ${firstT} to ${lastT} are none`);
    const times = Array.from({ length: lastT - firstT + 1 }, (_, index) => firstT + index);
    const { image, to } = this.#copy(access, from, { times: times.length, channels: [...channels], algorithm, name });
    await this.#context.world.pixels.create(to.id, to.layout.totalSize);
    const file = this.#context.world.pixels.openForWriting(to.id);
    const writer = new PixelWriter(this.#context.world, to, file);
    const made = { from, to, writer, projection: { algorithm, stepping, start, end }, times };
    try {
      for (const [index, channel] of channels.entries()) await this.#fill(access, made, channel, index);
    } finally {
      await writer.close();
    }
    return image.id;
  }

  async #fill(access: Access, made: Made, channel: number, index: number): Promise<void> {
    const { from, to, writer, projection, times } = made;
    let range: ValueRange = [...NO_RANGE];
    for (const [place, t] of times.entries()) {
      const values = await project(this.#source(from), channel, { ...projection, t });
      range = widened(range, values);
      const offset = to.layout.offset({ z: 0, c: index, t: place });
      await writer.write(offset, bytesOfPixels(to.layout.kind, values), to.layout.planeSize);
    }
    const { world } = this.#context;
    changeStored(world, to.channel(index), { statsInfo: createStatistics(world, access, range) });
  }

  #copy(
    access: Access,
    source: StoredPixels,
    made: { times: number; channels: readonly number[]; algorithm: ProjectionName; name: string },
  ) {
    const { world } = this.#context;
    return world.store.transaction(() => {
      const image = createStored(world, access, "Image", { name: rstring(made.name || "Projection") });
      const pixels = copyPixels(world, access, {
        source,
        image,
        sizes: { sizeZ: 1, sizeT: made.times },
        channels: made.channels,
        methodology: METHODOLOGY[made.algorithm],
        withStatistics: false,
      });
      return { image: image as ObjectReference, to: new StoredPixels(world, pixels) };
    });
  }

  #pixels(access: Access, id: bigint): StoredPixels {
    return new StoredPixels(this.#context.world, this.#context.world.get(access, "Pixels", id));
  }

  #source(pixels: StoredPixels): PixelSource {
    return new PixelSource(this.#context.world.pixels, pixels.id, pixels.layout, this.#context.messageSizeMax);
  }
}
