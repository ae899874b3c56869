/** What can be moved to another group, or given to another user, on its own. */
import type { Model } from "./model.js";

const MOVABLE = [
  "Annotation",
  "Dataset",
  "Experiment",
  "Fileset",
  "Folder",
  "Image",
  "Instrument",
  "Job",
  "OriginalFile",
  "Plate",
  "Project",
  "RenderingDef",
  "Roi",
  "Screen",
  "Thumbnail",
];

/** Links are given away, and move with what they join. */
export function canMove(model: Model, className: string, to: "group" | "owner"): boolean {
  if (to === "owner" && model.isLink(className)) return true;
  return MOVABLE.some((movable) => model.isA(className, movable));
}
