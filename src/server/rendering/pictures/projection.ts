/** One plane for many: the greatest, the mean or the sum of their values. */
import { validation } from "../../exceptions.js";
import type { PixelSource } from "../../pixels/pixel-source.js";
import type { PixelValues } from "../../pixels/pixels-kinds.js";

export type ProjectionName = "MAXIMUMINTENSITY" | "MEANINTENSITY" | "SUMINTENSITY";

export interface Projection {
  readonly algorithm: ProjectionName;
  readonly t: number;
  /** Every so many planes. */
  readonly stepping: number;
  readonly start: number;
  /** With the maximum this plane is the last; else the one before it is. */
  readonly end: number;
}

/** @throws IceUserException ValidationException for planes that there are not. */
export function checkProjection(source: PixelSource, { t, stepping, start, end }: Projection): void {
  const { sizes } = source.layout;
  if (start < 0 || end < 0) throw validation("Z interval value cannot be negative.");
  if (start >= sizes.z || end >= sizes.z) throw validation(`Z interval value cannot be >= ${sizes.z}`);
  if (stepping <= 0) throw validation(`stepping: ${stepping} <= 0`);
  if (t < 0) throw validation(`timepoint: ${t} < 0`);
  if (t >= sizes.t) throw validation(`timepoint must be <${sizes.t}`);
}

/** The values of one channel; two planes are in memory at a time. */
export async function project(source: PixelSource, c: number, projection: Projection): Promise<PixelValues> {
  checkProjection(source, projection);
  const { algorithm, t, stepping, start, end } = projection;
  const { kind, sizes } = source.layout;
  const whole = { x: 0, y: 0, width: sizes.x, height: sizes.y };
  const totals = new Float64Array(sizes.x * sizes.y);
  const isMaximum = algorithm === "MAXIMUMINTENSITY";
  const last = isMaximum ? end : end - 1;
  let count = 0;
  for (let z = start; z <= last; z += stepping, count++) {
    const values = await source.values(z, c, t, whole);
    if (isMaximum) raise(totals, values);
    else add(totals, values);
  }
  if (algorithm === "MEANINTENSITY") for (let index = 0; index < totals.length; index++) totals[index]! /= count;
  return fitted(totals, kind.isFloat ? Number.POSITIVE_INFINITY : kind.range[1], kind.values!);
}

function raise(totals: Float64Array, values: PixelValues): void {
  for (let index = 0; index < totals.length; index++) {
    if (values[index]! > totals[index]!) totals[index] = values[index]!;
  }
}

function add(totals: Float64Array, values: PixelValues): void {
  for (let index = 0; index < totals.length; index++) totals[index]! += values[index]!;
}

function fitted(totals: Float64Array, most: number, Values: new (buffer: ArrayBuffer) => PixelValues): PixelValues {
  const bytes = (Values as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
  const result = new Values(new ArrayBuffer(totals.length * bytes));
  for (let index = 0; index < totals.length; index++) result[index] = Math.min(totals[index]!, most);
  return result;
}
