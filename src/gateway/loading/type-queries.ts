/** How each type of object is loaded: the HQL that brings it with what its properties need. */

interface TypeQuery {
  /** Joins of what comes along. */
  readonly fetch: readonly string[];
  /** Whether a join makes several rows of one object, so that no page may be cut by rows. */
  readonly hasCollections: boolean;
  /** Objects of the system have no owner and no events. */
  readonly isSystem?: boolean;
  /** What a list of them is ordered by, besides the id. */
  readonly order?: string;
}

const OWNED = [
  "join fetch obj.details.owner as owner",
  "join fetch obj.details.creationEvent",
  "left outer join fetch obj.details.updateEvent",
];
const BY_NAME = "lower(obj.name)";
const PLAIN: TypeQuery = { fetch: [], hasCollections: false };
const NAMED: TypeQuery = { ...PLAIN, order: BY_NAME };
const ANNOTATION_WITH_FILE: TypeQuery = {
  fetch: ["left outer join fetch obj.file as file", "left outer join fetch file.hasher"],
  hasCollections: false,
};

const QUERIES: Readonly<Record<string, TypeQuery>> = {
  Project: NAMED,
  Dataset: NAMED,
  Screen: NAMED,
  Plate: NAMED,
  Image: {
    fetch: ["left outer join fetch obj.pixels as pixels", "left outer join fetch pixels.pixelsType"],
    hasCollections: true,
    order: BY_NAME,
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
  },
  Roi: { fetch: ["left outer join fetch obj.shapes"], hasCollections: true },
  Shape: PLAIN,
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
    order: BY_NAME,
  },
  Annotation: ANNOTATION_WITH_FILE,
  FileAnnotation: ANNOTATION_WITH_FILE,
};

/** How objects of a type are loaded; of one that has no entry of its own, without anything else. */
export function typeQuery(type: string): TypeQuery {
  return Object.hasOwn(QUERIES, type) ? QUERIES[type]! : PLAIN;
}

/** `select obj from Image obj join fetch ...`, to which conditions are added. */
export function selectObjects(type: string): string {
  const { fetch, isSystem } = typeQuery(type);
  return [`select obj from ${type} obj`, ...(isSystem ? [] : OWNED), ...fetch].join(" ");
}
