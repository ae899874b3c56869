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
  meta: [
    "DBPatch",
    "Event",
    "EventLog",
    "Experimenter",
    "ExperimenterGroup",
    "ExternalInfo",
    "GroupExperimenterMap",
    "Namespace",
    "Node",
    "Session",
    "Share",
    "ShareMember",
  ],
  experiment: ["Experiment", "MicrobeamManipulation"],
  acquisition: [
    "Detector",
    "DetectorSettings",
    "Dichroic",
    "Filter",
    "FilterSet",
    "FilterSetEmissionFilterLink",
    "FilterSetExcitationFilterLink",
    "ImagingEnvironment",
    "Instrument",
    "LightPath",
    "LightPathEmissionFilterLink",
    "LightPathExcitationFilterLink",
    "LightSettings",
    "Microscope",
    "OTF",
    "Objective",
    "ObjectiveSettings",
    "StageLabel",
    "TransmittanceRange",
  ],
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
  if (model.isA(className, "Shape") || ["AffineTransform", "Roi"].includes(className)) return "roi";
  if (model.isA(className, "LightSource")) return "acquisition";
  if (model.isA(className, "Job") || ["JobOriginalFileLink", "JobStatus"].includes(className)) return "jobs";
  if (model.isEnumeration(className)) return "enums";
  return Object.entries(PACKAGES).find(([, names]) => names.includes(className))?.[0] ?? "core";
}
