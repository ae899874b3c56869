import type { Format } from "../format.js";
import { openColumns } from "../values/columns-source.js";
import { type FrameLike, frameColumns, isFrame } from "./frame-columns.js";

/** danfojs DataFrames. */
export const frameFormat: Format = {
  name: "frame",
  isObject: isFrame,
  openObject: async (frame, options) => openColumns(frameColumns(frame as FrameLike), options),
};
