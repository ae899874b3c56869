/** The class of each type of object, by OMERO's name of the type. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { IObject } from "../../connect/ice/schema/omero.js";
import { remoteAccess } from "../../connect/remote/services.js";
import { invalidArgument } from "../../errors.js";
import { nearestName } from "../../flow/nearest-name.js";
import { Annotation } from "../annotations/annotation.js";
import * as kinds from "../annotations/annotation-kinds.js";
import type { AnnotationTypes } from "../annotations/annotation-types.js";
import { wrapAll } from "../loading/family.js";
import type { ClassTable, ObjectClass, ObjectContext } from "../loading/object-context.js";
import { Channel, LogicalChannel } from "../objects/acquisition/channel.js";
import {
  Detector,
  Dichroic,
  FilterSet,
  LIGHT_SOURCES,
  LightSource,
  Objective,
  OpticalFilter,
} from "../objects/acquisition/components.js";
import { Instrument } from "../objects/acquisition/instrument.js";
import { Dataset, Plate, PlateAcquisition, Project, Screen } from "../objects/containers.js";
import { Experimenter, ExperimenterGroup } from "../objects/experimenter.js";
import { Fileset } from "../objects/fileset.js";
import { Folder } from "../objects/folder.js";
import { Image } from "../objects/image.js";
import { OmeroObject } from "../objects/omero-object.js";
import { OriginalFile } from "../objects/original-file.js";
import { PixelsObject } from "../objects/pixels.js";
import { Roi, Shape } from "../objects/region.js";
import { Well, WellSample } from "../objects/well.js";

/** The types that objects can be asked for by, and the class of each. */
export interface ObjectTypes extends AnnotationTypes {
  /** Projects. */
  Project: Project;
  /** Datasets. */
  Dataset: Dataset;
  /** Images. */
  Image: Image;
  /** Screens. */
  Screen: Screen;
  /** Plates. */
  Plate: Plate;
  /** Acquisitions of plates. */
  PlateAcquisition: PlateAcquisition;
  /** Wells. */
  Well: Well;
  /** Fields of wells. */
  WellSample: WellSample;
  /** Regions of interest. */
  Roi: Roi;
  /** Shapes of regions. */
  Shape: Shape;
  /** Users. */
  Experimenter: Experimenter;
  /** Groups of users. */
  ExperimenterGroup: ExperimenterGroup;
  /** Files. */
  OriginalFile: OriginalFile;
  /** Files that images were imported from together. */
  Fileset: Fileset;
  /** Folders of regions and images. */
  Folder: Folder;
  /** Pixels of images. */
  Pixels: PixelsObject;
  /** Channels of pixels. */
  Channel: Channel;
  /** What channels may share. */
  LogicalChannel: LogicalChannel;
  /** Microscopes with what belongs to them. */
  Instrument: Instrument;
  /** Objectives. */
  Objective: Objective;
  /** Detectors. */
  Detector: Detector;
  /** Light sources of any kind. */
  LightSource: LightSource;
  /** Filters. */
  Filter: OpticalFilter;
  /** Dichroic mirrors. */
  Dichroic: Dichroic;
  /** Sets of filters. */
  FilterSet: FilterSet;
}

/** Name of a type of object. */
export type ObjectType = keyof ObjectTypes;

const SHAPES = ["Ellipse", "Label", "Line", "Mask", "Path", "Point", "Polygon", "Polyline", "Rectangle"] as const;

const components = { Objective, Detector, LightSource, Filter: OpticalFilter, Dichroic, FilterSet };

const ASKED_FOR: Readonly<Record<ObjectType, ObjectClass>> = {
  Project,
  Dataset,
  Image,
  Screen,
  Plate,
  PlateAcquisition,
  Well,
  WellSample,
  Roi,
  Shape,
  Experimenter,
  ExperimenterGroup,
  OriginalFile,
  Fileset,
  Folder,
  Pixels: PixelsObject,
  Channel,
  LogicalChannel,
  Instrument,
  ...components,
  Annotation,
  ...kinds,
};

/** Types that servers give in place of a more general one that was asked for. */
const KINDS: Readonly<Record<string, readonly string[]>> = { Shape: SHAPES, LightSource: LIGHT_SOURCES };

const CLASSES: ClassTable = { ...withKinds(ASKED_FOR), IObject: OmeroObject };

/** A class of a general type is that of its kinds as well. */
function withKinds(classes: ClassTable): ClassTable {
  const entries = Object.entries(classes);
  const kinds = entries.flatMap(([type, one]) => (KINDS[type] ?? []).map((kind) => [kind, one] as const));
  return Object.fromEntries([...entries, ...kinds]);
}

/** @throws ArgumentError `INVALID_ARGUMENT` for a name that is no type's, with the one that was probably meant */
export function checkObjectType(type: string): void {
  const names = Object.keys(ASKED_FOR);
  if (names.includes(type)) return;
  const near = nearestName(String(type), names);
  const advice = near === undefined ? `there are ${names.join(", ")}` : `did you mean "${near}"?`;
  throw invalidArgument(`OMERO has no objects of type ${JSON.stringify(type)}; ${advice}`);
}

const contexts = new WeakMap<OmeroConnection, ObjectContext>();

/** What the objects of a connection share; a view has the classes of the connection that it is a view of. */
export function objectContext(connection: OmeroConnection): ObjectContext {
  const known = contexts.get(connection);
  if (known) return known;
  const origin = remoteAccess(connection).origin as OmeroConnection | undefined;
  const context = { connection, classes: origin ? objectContext(origin).classes : CLASSES };
  contexts.set(connection, context);
  return context;
}

/** The object of a model object. @throws ArgumentError `INVALID_ARGUMENT` for one without an id */
export function wrapModel(context: ObjectContext, model: IObject): object {
  if (typeof model?.id?.val === "bigint") return wrapAll<object>(context, [model])[0]!;
  throw invalidArgument("wrap takes a model object that a server gave: this one has no id");
}

/** A view of a connection whose objects are of other classes. */
export function viewWithClasses(connection: OmeroConnection, classes: ClassTable): OmeroConnection {
  for (const type of Object.keys(classes)) checkObjectType(type);
  const view = remoteAccess(connection).view() as OmeroConnection;
  contexts.set(view, { connection: view, classes: { ...objectContext(connection).classes, ...withKinds(classes) } });
  return view;
}
