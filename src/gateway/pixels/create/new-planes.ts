/** The planes that a caller gives for a new image, one after the other, each looked at before it is sent. */
import { invalidArgument } from "../../../errors.js";
import { unlessAborted } from "../../../flow/abort.js";
import { sourceFailure } from "../../../formats/callers-source.js";
import { elementsOf, type PixelArray, type PixelTypeName, pixelTypeOfArray } from "../pixel-arrays.js";

/** A plane of a new image: an array, row by row, or one with its rows and columns, as `planes()` of an image gives it. */
export type NewPlane =
  | PixelArray
  | Uint8ClampedArray
  | { readonly data: PixelArray | Uint8ClampedArray; readonly shape: readonly number[] };

/** Planes, however they come: a list, a generator, a stream. */
export type NewPlanes = Iterable<NewPlane> | AsyncIterable<NewPlane>;

export interface PlaneSize {
  readonly sizeX: number;
  readonly sizeY: number;
}

export class PlaneFeed {
  readonly #planes: AsyncIterator<NewPlane> | Iterator<NewPlane>;
  readonly #signal: AbortSignal | undefined;
  #taken = 0;
  #first: NewPlane | undefined;

  /** @throws ArgumentError `INVALID_ARGUMENT` for what gives no planes */
  constructor(planes: NewPlanes, signal: AbortSignal | undefined) {
    this.#planes = iteratorOf(planes);
    this.#signal = signal;
  }

  /** The first plane, which stays to be taken. */
  async first(): Promise<NewPlane> {
    const first = await this.#next();
    if (first === undefined) throw invalidArgument("There are no planes: an image has at least one");
    this.#first = first;
    return first;
  }

  /** The next plane's pixels. @throws ArgumentError `INVALID_ARGUMENT` where it differs from the image, or there is none */
  async take(type: PixelTypeName, size: PlaneSize, count: number): Promise<PixelArray> {
    const plane = this.#first ?? (await this.#next());
    this.#first = undefined;
    if (plane === undefined) throw invalidArgument(`The image has ${count} planes, but ${this.#taken} were given`);
    const number = this.#taken++;
    return checkedPlane(plane, number, type, size);
  }

  /** @throws ArgumentError `INVALID_ARGUMENT` where there are more planes than the image has */
  async end(count: number): Promise<void> {
    if ((await this.#next()) !== undefined) throw invalidArgument(`The image has ${count} planes, but more were given`);
  }

  /** Tells whoever makes the planes that no more are wanted. */
  async close(): Promise<void> {
    await this.#planes.return?.();
  }

  async #next(): Promise<NewPlane | undefined> {
    const next = (async () => this.#planes.next())();
    try {
      const { done, value } = await unlessAborted(next, this.#signal, "createImage");
      return done ? undefined : value;
    } catch (error) {
      throw sourceFailure(error, this.#signal);
    }
  }
}

/** Size and type of an image whose first plane this is, where options do not say them. */
export function sizeOfPlane(plane: NewPlane): PlaneSize | undefined {
  if (ArrayBuffer.isView(plane) || !Array.isArray(plane?.shape)) return undefined;
  const [sizeY, sizeX] = plane.shape;
  return sizeX === undefined || sizeY === undefined ? undefined : { sizeX, sizeY };
}

export function dataOf(plane: NewPlane): PixelArray {
  const data = ArrayBuffer.isView(plane) ? plane : plane?.data;
  pixelTypeOfArray(data);
  return data instanceof Uint8ClampedArray ? new Uint8Array(data.buffer, data.byteOffset, data.length) : data;
}

function checkedPlane(plane: NewPlane, number: number, type: PixelTypeName, { sizeX, sizeY }: PlaneSize): PixelArray {
  const data = dataOf(plane);
  const shape = sizeOfPlane(plane) ?? { sizeX, sizeY };
  const [columns, rows] = [shape.sizeX, shape.sizeY];
  if (columns !== sizeX || rows !== sizeY) {
    throw invalidArgument(`Plane ${number} has ${rows} rows of ${columns} pixels; the image has ${sizeY} of ${sizeX}`);
  }
  if (data.length !== sizeX * sizeY * elementsOf(type)) {
    throw invalidArgument(
      `Plane ${number} has ${data.length} elements; the image has ${sizeY} rows of ${sizeX} pixels`,
    );
  }
  if (!isOfType(data, type)) {
    throw invalidArgument(`Plane ${number} is a ${data.constructor.name}; the image's pixels are ${type}`);
  }
  return data;
}

/** Other types whose elements are those of an array. */
const SAME_ELEMENTS: Partial<Record<PixelTypeName, PixelTypeName>> = {
  uint8: "bit",
  float: "complex",
  double: "double-complex",
};

function isOfType(data: PixelArray, type: PixelTypeName): boolean {
  const own = pixelTypeOfArray(data);
  return type === own || type === SAME_ELEMENTS[own];
}

function iteratorOf(planes: NewPlanes): AsyncIterator<NewPlane> | Iterator<NewPlane> {
  if (typeof planes === "object" && planes !== null && !ArrayBuffer.isView(planes)) {
    if (Symbol.asyncIterator in planes) return planes[Symbol.asyncIterator]();
    if (Symbol.iterator in planes) return planes[Symbol.iterator]();
  }
  throw invalidArgument("planes is a list of typed arrays, or something that gives them one after the other");
}
