/** Objects of OMERO: images, what they lie in, what is said of them. */
import { addObjectMethods } from "./connection-methods.js";

addObjectMethods();

export {
  AnnotatedObject,
  type AnnotationsOptions,
  type AnnotationType,
  type AnnotationTypes,
} from "./annotations/annotated-object.js";
export { Annotation } from "./annotations/annotation.js";
export {
  BooleanAnnotation,
  CommentAnnotation,
  DoubleAnnotation,
  FileAnnotation,
  type KeyValue,
  ListAnnotation,
  LongAnnotation,
  MapAnnotation,
  TagAnnotation,
  TermAnnotation,
  TimestampAnnotation,
  XmlAnnotation,
} from "./annotations/annotation-kinds.js";
export { KEY_VALUE_NAMESPACE, RATING_NAMESPACE, TAG_SET_NAMESPACE } from "./annotations/namespaces.js";
export type { ExtendedTypes, ObjectMethods, WrapperClasses } from "./connection-methods.js";
export type { AnnotationCondition, AttributeValue, ObjectConditions } from "./finding/conditions.js";
export type { GetObjectOptions, GetObjectsOptions } from "./finding/find-objects.js";
export type { ObjectType, ObjectTypes } from "./finding/object-types.js";
export { Dataset, type GridSize, Plate, PlateAcquisition, Project, Screen } from "./objects/containers.js";
export { DescribedObject } from "./objects/described-object.js";
export type {
  GroupDetails,
  ObjectDetails,
  ObjectPermissions,
  OwnerDetails,
  PermissionName,
} from "./objects/details.js";
export { Experimenter, ExperimenterGroup } from "./objects/experimenter.js";
export { Image } from "./objects/image.js";
export { type LoadOptions, OmeroObject } from "./objects/omero-object.js";
export { type FileChunksOptions, OriginalFile } from "./objects/original-file.js";
export { Roi, Shape } from "./objects/region.js";
export { Well, WellSample } from "./objects/well.js";
export type { Quantity } from "./plain-values.js";
