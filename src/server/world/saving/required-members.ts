/** Members without which there can be no object, as on an OMERO server. */
import { internal, validation } from "../../exceptions.js";
import { javaName } from "../../model/java-names.js";
import type { Instance } from "../../model/materialize.js";
import type { Model, ModelMember } from "../../model/model.js";
import type { StoredObject } from "../../model/object-store.js";

/** By class, in the order in which they are looked for; subclasses need those of their bases as well. */
const REQUIRED: Readonly<Record<string, string>> = {
  AffineTransform: "a00 a01 a02 a10 a11 a12",
  Arc: "type",
  Channel: "logicalChannel",
  ChannelBinding: "active alpha blue coefficient family green inputEnd inputStart noiseReduction red",
  ContrastStretchingContext: "xend xstart yend ystart",
  Dataset: "name",
  Detector: "instrument type",
  DetectorSettings: "detector",
  Dichroic: "instrument",
  Event: "experimenter experimenterGroup session time type",
  EventLog: "action entityId entityType event",
  Experiment: "type",
  ExternalInfo: "entityId entityType",
  Filament: "type",
  Fileset: "templatePrefix",
  FilesetEntry: "clientPath fileset originalFile",
  Filter: "instrument",
  FilterSet: "instrument",
  Folder: "name",
  Image: "name",
  Job: "groupname message scheduledFor status submitted type username",
  Laser: "instrument laserMedium type",
  LightSettings: "lightSource",
  LightSource: "instrument",
  MicrobeamManipulation: "experiment type",
  Microscope: "type",
  Namespace: "name",
  Node: "conn up uuid",
  OTF: "instrument objective opticalAxisAveraged path pixelsType sizeX sizeY",
  Objective: "correction immersion instrument",
  ObjectiveSettings: "objective",
  OriginalFile: "name path",
  Pixels: "dimensionOrder pixelsType sha1 sizeC sizeT sizeX sizeY sizeZ",
  PlaneInfo: "pixels theC theT theZ",
  PlaneSlicingContext: "constant lowerLimit planePrevious planeSelected upperLimit",
  Plate: "name",
  PlateAcquisition: "plate",
  Project: "name",
  ProjectionDef: "active axis renderingDef type",
  QuantumDef: "bitResolution cdEnd cdStart",
  Reagent: "screen",
  RenderingDef: "defaultT defaultZ model pixels quantization",
  ReverseIntensityContext: "reverse",
  Screen: "name",
  Session: "defaultEventType node owner started timeToIdle timeToLive uuid",
  StageLabel: "name",
  StatsInfo: "globalMax globalMin",
  Thumbnail: "mimeType pixels sizeX sizeY",
  Well: "plate",
  WellSample: "image",
};

/** Lists whose members have their places from them: an object in none of them cannot be. */
const LISTS: Readonly<Record<string, { readonly owner: string; readonly list: string }>> = {
  Channel: { owner: "pixels", list: "channels" },
  ChannelBinding: { owner: "renderingDef", list: "waveRendering" },
  CodomainMapContext: { owner: "channelBinding", list: "spatialDomainEnhancement" },
  Pixels: { owner: "image", list: "pixels" },
  Shape: { owner: "roi", list: "shapes" },
  WellSample: { owner: "well", list: "wellSamples" },
};

/** @throws IceUserException ValidationException where such a member is missing. */
export function checkRequired(model: Model, { className, values }: Pick<StoredObject, "className" | "values">): void {
  const missing = requiredMembers(model, className).find((name) => values[name] == null);
  if (missing !== undefined) throw missingMember(model, className, missing);
}

function requiredMembers(model: Model, className: string): readonly string[] {
  if (model.isLink(className)) return ["child", "parent"];
  const own = REQUIRED[className] ?? REQUIRED[model.rootOf(className)];
  return own?.split(" ") ?? [];
}

/**
 * @param sent a new object that is sent by itself, or as a member of another.
 * @throws IceUserException ValidationException where the list that it is to be in lacks it; InternalException where that
 * list was not sent.
 */
export function checkListed(model: Model, className: string, sent: Instance): void {
  const list = LISTS[model.rootOf(className)];
  if (!list) return;
  const owner = sent[list.owner] as Instance | null | undefined;
  if (owner?.loaded === false) throw notLoaded(model, owner, list.list);
  const listed = (owner?.[`${list.list}Seq`] ?? []) as readonly unknown[];
  if (!listed.includes(sent)) throw missingMember(model, className, `_${list.list}Backref`);
}

/** A member of a list stays in it though its sender leaves out whose list that is. */
export function keepingList(
  model: Model,
  { className, values }: StoredObject,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const owner = LISTS[model.rootOf(className)]?.owner;
  return owner !== undefined && sent[owner] === null ? { ...sent, [owner]: values[owner] } : { ...sent };
}

/** Whether what is taken out of a collection is gone with that: links and the members of lists are. */
export function isRemovable(model: Model, member: ModelMember & { kind: "collection" }): boolean {
  if (member.className === "GroupExperimenterMap") return false;
  return model.isLink(member.className) || LISTS[model.rootOf(member.className)]?.owner === member.inverse;
}

/** Whether an object goes with another that its member refers to, where that is deleted by itself. */
export function isListMember(model: Model, className: string, member: string): boolean {
  return LISTS[model.rootOf(className)]?.owner === member;
}

function notLoaded(model: Model, owner: Instance, list: string): Error {
  const property = `${javaName(model, model.resolve(owner.iceId)!)}.${list}`;
  const message = `Exception occurred inside getter of ${property}`;
  const wrapped = "(org.springframework.orm.hibernate3.HibernateSystemException)";
  return internal(
    ` Wrapped Exception: ${wrapped}:\n${message}; nested exception is org.hibernate.PropertyAccessException: ${message}`,
  );
}

export function missingMember(model: Model, className: string, member: string): Error {
  const name = `${javaName(model, className)}.${member}`;
  const message = `not-null property references a null or transient value: ${name}`;
  return validation(`${message}; nested exception is org.hibernate.PropertyValueException: ${message}`);
}
