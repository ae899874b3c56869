/** Stacks as EMAN1 and the first EMAN2 wrote them: datasets named by their numbers, each with its attributes. */
import type { ImageHeader } from "../../images/image.js";
import type { HdfFile } from "./hdf-library.js";

const COUNT = "num_dataset";

export function isOldStack(file: HdfFile): boolean {
  return Object.hasOwn(file.attrs, COUNT);
}

/** The number after that of the last image. @throws Error */
export function oldImageCount(file: HdfFile): number {
  const stated = Number([file.attrs[COUNT]?.value].flat()[0]);
  const numbers = file
    .keys()
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  if (!Number.isSafeInteger(stated) || stated < 0) throw new Error("its number of images is none");
  return Math.max(0, ...numbers.map((n) => n + 1));
}

/** The size that the header states, or the dataset's, which is stated with the fastest axis first. */
export function oldShape(shape: readonly number[], header: ImageHeader): readonly number[] {
  const pixels = (lengths: readonly number[]) => lengths.reduce((product, length) => product * length, 1);
  const [nx, ny, nz] = ["nx", "ny", "nz"].map((name) => Number(header[name])) as [number, number, number];
  const stated = nz > 1 ? [nz, ny, nx] : [ny, nx];
  return pixels(stated) === pixels(shape) ? stated : [...shape].reverse();
}
