/** Names of the model's classes in the OMERO server, which some answers carry: `ome.model.core.Image`. */
import type { Model } from "./model.js";

const PACKAGES: Record<string, readonly string[]> = {
  containers: [
    "Dataset",
    "Project",
    "Folder",
    "DatasetImageLink",
    "ProjectDatasetLink",
    "FolderImageLink",
    "FolderRoiLink",
  ],
  screen: [
    "Plate",
    "PlateAcquisition",
    "Reagent",
    "Screen",
    "ScreenPlateLink",
    "Well",
    "WellSample",
    "WellReagentLink",
  ],
  meta: ["Experimenter", "ExperimenterGroup", "GroupExperimenterMap", "Event", "EventLog", "Session", "ExternalInfo"],
  display: [
    "ChannelBinding",
    "CodomainMapContext",
    "ContrastStretchingContext",
    "PlaneSlicingContext",
    "ProjectionDef",
    "QuantumDef",
    "RenderingDef",
    "ReverseIntensityContext",
    "Thumbnail",
  ],
  stats: ["StatsInfo"],
  fs: ["Fileset", "FilesetEntry", "FilesetJobLink"],
};

export function javaName(model: Model, className: string): string {
  return `ome.model.${packageOf(model, className)}.${className}`;
}

function packageOf(model: Model, className: string): string {
  if (model.isA(className, "Annotation") || className.endsWith("AnnotationLink")) return "annotations";
  if (model.isA(className, "Shape") || className === "Roi") return "roi";
  if (model.isEnumeration(className)) return "enums";
  return Object.entries(PACKAGES).find(([, names]) => names.includes(className))?.[0] ?? "core";
}
