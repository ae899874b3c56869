/** Objects of OMERO: images, what they lie in, what is said of them. */
import { addObjectMethods } from "./connection-methods.js";

addObjectMethods();

export type { CreateOptions, WriteOptions } from "./annotations/annotate.js";
export {
  AnnotatedObject,
  type AnnotationsOptions,
  type ParentObject,
  type TablesOptions,
} from "./annotations/annotated-object.js";
export { Annotation } from "./annotations/annotation.js";
export {
  BooleanAnnotation,
  CommentAnnotation,
  DoubleAnnotation,
  FileAnnotation,
  ListAnnotation,
  LongAnnotation,
  MapAnnotation,
  TagAnnotation,
  TermAnnotation,
  TimestampAnnotation,
  XmlAnnotation,
} from "./annotations/annotation-kinds.js";
export type { AnnotationType, AnnotationTypes } from "./annotations/annotation-types.js";
export { KEY_VALUE_NAMESPACE, RATING_NAMESPACE, TAG_SET_NAMESPACE } from "./annotations/namespaces.js";
export type { KeyValue, NewAnnotation } from "./annotations/new-annotation.js";
export type { Attachment } from "./attachments.js";
export type { ObjectMethods } from "./connection-methods.js";
export type { AttributeValue } from "./finding/attribute-values.js";
export type { AnnotationCondition, ObjectConditions } from "./finding/conditions.js";
export type { GetObjectOptions, GetObjectsOptions } from "./finding/find-objects.js";
export type { ObjectType, ObjectTypes } from "./finding/object-types.js";
export type { QueryOptions } from "./finding/plain-query.js";
export type { GraphOptions, GraphResult, StepProgress } from "./managing/graph-requests.js";
export type { ChangingMethods } from "./methods/changing-methods.js";
export type { ExtendedTypes, FindingMethods, WrapperClasses, WrapperOf } from "./methods/finding-methods.js";
export type { ImageMethods } from "./methods/image-methods.js";
export type { PeopleMethods } from "./methods/people-methods.js";
export type { ObjectRef, OneOrMore } from "./object-ref.js";
export {
  Channel,
  type DetectorSettings,
  type LightSourceSettings,
  LogicalChannel,
} from "./objects/acquisition/channel.js";
export {
  Detector,
  Dichroic,
  FilterSet,
  LightSource,
  type MakerDetails,
  Objective,
  OpticalFilter,
} from "./objects/acquisition/components.js";
export type {
  ImageAcquisition,
  ImagingEnvironment,
  ObjectiveSettings,
  StageLabel,
} from "./objects/acquisition/image-acquisition.js";
export { Instrument, type Microscope } from "./objects/acquisition/instrument.js";
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
export { Fileset } from "./objects/fileset.js";
export { Folder } from "./objects/folder.js";
export { Image } from "./objects/image.js";
export { type LoadOptions, OmeroObject } from "./objects/omero-object.js";
export { type FileChunksOptions, OriginalFile } from "./objects/original-file.js";
export { PixelsObject } from "./objects/pixels.js";
export { Roi, Shape } from "./objects/region.js";
export { Well, WellSample } from "./objects/well.js";
export { type CreateImageOptions, createImage } from "./pixels/create/create-image.js";
export type { NewPlane, NewPlanes } from "./pixels/create/new-planes.js";
export type { HistogramOptions } from "./pixels/histogram.js";
export {
  ImagePixels,
  type IteratePixelsOptions,
  type PixelPlane,
  type ReadPixelsOptions,
} from "./pixels/image-pixels.js";
export type { PixelArray, PixelTypeName } from "./pixels/pixel-arrays.js";
export type { AxisRange, CubeOptions, PixelCube } from "./pixels/pixel-cube.js";
export type { PixelsInfo } from "./pixels/pixels-info.js";
export type { PlanePlace, TileGridOptions, TilePlace } from "./pixels/plane-places.js";
export type { ResolutionLevel } from "./pixels/resolution-levels.js";
export type { ValueStatistics } from "./pixels/value-statistics.js";
export type { PlainValue, Quantity } from "./plain-values.js";
export type { NewChannel } from "./rendering/channel-names.js";
export type { ImageChannel } from "./rendering/channels.js";
export type { ExportTiffOptions } from "./rendering/export-tiff.js";
export { ImageRenderer } from "./rendering/image-renderer.js";
export type { PictureRegion, RgbaPicture } from "./rendering/pictures.js";
export type { PictureFormat, RenderedPicture, RenderImageOptions } from "./rendering/render-image.js";
export type {
  BitResolution,
  ChannelView,
  QuantumFamily,
  RenderSettings,
  SettingsToSave,
} from "./rendering/render-settings.js";
export type { ProjectionKind, RenderView, SectionProjection } from "./rendering/render-view.js";
export type { RenderingDefsOptions, SavedRendering } from "./rendering/saved-rendering.js";
export type { CopiedSettings } from "./rendering/saved-settings.js";
export type { ThumbnailOptions, ThumbnailSizeOptions, ThumbnailsOptions } from "./rendering/thumbnails.js";
export { roisFromGeoJSON } from "./rois/from-geojson.js";
export type {
  GeoJsonCollection,
  GeoJsonFeature,
  GeoJsonGeometries,
  GeoJsonGeometry,
  GeoJsonOf,
  GeoJsonPlane,
  GeoJsonPosition,
} from "./rois/geojson-types.js";
export type { FindRoisOptions } from "./rois/image-rois.js";
export { RoiList } from "./rois/roi-list.js";
export type {
  ShapeChannelStatistics,
  ShapeStatistics,
  ShapeStatisticsOptions,
} from "./rois/roi-statistics.js";
export type {
  EllipseShape,
  ImageRoi,
  LabelShape,
  LineShape,
  MaskShape,
  NewRoi,
  PathShape,
  PointShape,
  PolygonShape,
  PolylineShape,
  RectangleShape,
  RoiShape,
  ShapeAttributes,
  ShapeTransform,
  ShapeType,
  XY,
} from "./rois/shapes.js";
export type { CreatedType, CreateObjectOptions } from "./saving/create-object.js";
export type { ObjectChanges } from "./saving/update-object.js";
