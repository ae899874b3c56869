/** How each type of object is loaded: the HQL that brings it with what its properties need. */

interface TypeQuery {
  /** Joins of what comes along. */
  readonly fetch: readonly string[];
  /** Whether a join makes several rows of one object, so that no page may be cut by rows. */
  readonly hasCollections: boolean;
  /** Objects of the system have no owner and no events. */
  readonly isSystem?: boolean;
  /** Objects of which one call brings the most, by how much comes along. Default 5,000. */
  readonly mostAtOnce?: number;
}

const OWNED = [
  "join fetch obj.details.owner as owner",
  "join fetch obj.details.creationEvent",
  "left outer join fetch obj.details.updateEvent",
];
const PLAIN: TypeQuery = { fetch: [], hasCollections: false };
const ANNOTATION_WITH_FILE: TypeQuery = {
  fetch: ["left outer join fetch obj.file as file", "left outer join fetch file.hasher"],
  hasCollections: false,
  mostAtOnce: 1000,
};

/** What one object refers to comes along. */
const fetching = (...members: readonly string[]): TypeQuery => ({
  fetch: members.map((member) => `left outer join fetch obj.${member}`),
  hasCollections: false,
});
const LOGICAL_CHANNEL = (alias: string) => [
  `left outer join fetch ${alias}.illumination`,
  `left outer join fetch ${alias}.contrastMethod`,
  `left outer join fetch ${alias}.mode`,
  `left outer join fetch ${alias}.detectorSettings as detecting`,
  "left outer join fetch detecting.binning",
  `left outer join fetch ${alias}.lightSourceSettings as lighting`,
  "left outer join fetch lighting.lightSource", // without it, servers leave the settings unloaded
];

const QUERIES: Readonly<Record<string, TypeQuery>> = {
  Image: {
    fetch: ["left outer join fetch obj.pixels as pixels", "left outer join fetch pixels.pixelsType"],
    hasCollections: true,
  },
  PlateAcquisition: { fetch: ["left outer join fetch obj.plate"], hasCollections: false },
  Well: {
    fetch: [
      "left outer join fetch obj.plate",
      "left outer join fetch obj.wellSamples as samples",
      "left outer join fetch samples.plateAcquisition",
      "left outer join fetch samples.image as image",
      "left outer join fetch image.pixels as pixels",
      "left outer join fetch pixels.pixelsType",
    ],
    hasCollections: true,
    mostAtOnce: 400,
  },
  WellSample: {
    fetch: [
      "left outer join fetch obj.well",
      "left outer join fetch obj.plateAcquisition",
      "left outer join fetch obj.image as image",
      "left outer join fetch image.pixels as pixels",
      "left outer join fetch pixels.pixelsType",
    ],
    hasCollections: true,
    mostAtOnce: 2000,
  },
  Roi: { fetch: ["left outer join fetch obj.shapes"], hasCollections: true, mostAtOnce: 200 },
  Shape: { ...PLAIN, mostAtOnce: 500 },
  OriginalFile: { fetch: ["left outer join fetch obj.hasher"], hasCollections: false },
  Experimenter: {
    fetch: ["left outer join fetch obj.groupExperimenterMap as membership", "left outer join fetch membership.parent"],
    hasCollections: true,
    isSystem: true,
  },
  ExperimenterGroup: {
    fetch: ["left outer join fetch obj.groupExperimenterMap as membership", "left outer join fetch membership.child"],
    hasCollections: true,
    isSystem: true,
    mostAtOnce: 50,
  },
  Fileset: {
    fetch: ["left outer join fetch obj.usedFiles as entry", "left outer join fetch entry.originalFile"],
    hasCollections: true,
    mostAtOnce: 100,
  },
  Folder: { fetch: ["left outer join fetch obj.parentFolder"], hasCollections: false },
  Pixels: fetching("pixelsType", "dimensionOrder"),
  Channel: {
    fetch: [
      "left outer join fetch obj.statsInfo",
      "left outer join fetch obj.logicalChannel as logical",
      ...LOGICAL_CHANNEL("logical"),
    ],
    hasCollections: false,
  },
  LogicalChannel: { fetch: LOGICAL_CHANNEL("obj"), hasCollections: false },
  Instrument: {
    fetch: ["left outer join fetch obj.microscope as microscope", "left outer join fetch microscope.type"],
    hasCollections: false,
  },
  Objective: fetching("immersion", "correction"),
  Detector: fetching("type"),
  Laser: fetching("type", "laserMedium", "pump"),
  Arc: fetching("type"),
  Filament: fetching("type"),
  Filter: fetching("type", "transmittanceRange"),
  FilterSet: {
    fetch: [
      "left outer join fetch obj.dichroic",
      "left outer join fetch obj.excitationFilterLink as excitation",
      "left outer join fetch obj.emissionFilterLink as emission",
    ],
    hasCollections: true,
    mostAtOnce: 200,
  },
  Annotation: ANNOTATION_WITH_FILE,
  FileAnnotation: ANNOTATION_WITH_FILE,
  MapAnnotation: { ...PLAIN, mostAtOnce: 1000 },
  XmlAnnotation: { ...PLAIN, mostAtOnce: 100 },
};

const MOST_AT_ONCE = 5000;

/** Objects of a type that one call brings at most: so many that its answer stays within the limits of servers. */
export function mostAtOnce(type: string): number {
  return typeQuery(type).mostAtOnce ?? MOST_AT_ONCE;
}

/** How objects of a type are loaded; of one that has no entry of its own, without anything else. */
export function typeQuery(type: string): TypeQuery {
  return Object.hasOwn(QUERIES, type) ? QUERIES[type]! : PLAIN;
}

/** `select obj from Image obj join fetch ...`, to which conditions are added. */
export function selectObjects(type: string): string {
  const { fetch, isSystem } = typeQuery(type);
  return [`select obj from ${type} obj`, ...(isSystem ? [] : OWNED), ...fetch].join(" ");
}
