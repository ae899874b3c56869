/** How and where an image was acquired. */
import type { Image as ImageModel } from "../../../connect/ice/schema/omero.js";
import { rlong } from "../../../rtypes.js";
import type { ObjectContext } from "../../loading/object-context.js";
import { queryObjects } from "../../loading/query-rows.js";
import { optionalText, type Quantity, quantityOf, scalarIn } from "../../plain-values.js";
import { idWithin } from "../plain-members.js";
import { enumerator } from "./components.js";

/** How an objective was set. */
export interface ObjectiveSettings {
  /** Id of the objective. */
  readonly objectiveId: number | undefined;
  /** Turn of its correction collar. */
  readonly correctionCollar: number | undefined;
  /** What was between it and the sample, for example `Oil`. */
  readonly medium: string | undefined;
  /** Refractive index of that. */
  readonly refractiveIndex: number | undefined;
}

/** What it was like around the sample. */
export interface ImagingEnvironment {
  /** Temperature. */
  readonly temperature: Quantity | undefined;
  /** Pressure of the air. */
  readonly airPressure: Quantity | undefined;
  /** Humidity, 0 to 1. */
  readonly humidity: number | undefined;
  /** Share of carbon dioxide, 0 to 1. */
  readonly co2percent: number | undefined;
}

/** A place of the stage. */
export interface StageLabel {
  /** Its name. */
  readonly name: string | undefined;
  /** Position. */
  readonly positionX: Quantity | undefined;
  /** Position. */
  readonly positionY: Quantity | undefined;
  /** Position. */
  readonly positionZ: Quantity | undefined;
}

/** How and where an image was acquired, as far as that is known. */
export interface ImageAcquisition {
  /** How the objective was set. */
  readonly objectiveSettings: ObjectiveSettings | undefined;
  /** What it was like around the sample. */
  readonly imagingEnvironment: ImagingEnvironment | undefined;
  /** Where the stage was. */
  readonly stageLabel: StageLabel | undefined;
}

const QUERY = `select obj from Image obj
  left outer join fetch obj.objectiveSettings as settings left outer join fetch settings.medium
  left outer join fetch obj.imagingEnvironment left outer join fetch obj.stageLabel where obj.id = :id`;

export async function imageAcquisition(
  context: ObjectContext,
  imageId: number,
  call: { group: number | undefined; signal: AbortSignal | undefined },
): Promise<ImageAcquisition> {
  const [found] = await queryObjects(context, QUERY, { id: rlong(imageId) }, call);
  const { objectiveSettings: settings, imagingEnvironment: around, stageLabel: stage } = (found ?? {}) as ImageModel;
  return {
    objectiveSettings: settings ? objectiveSettings(settings) : undefined,
    imagingEnvironment: around ? imagingEnvironment(around) : undefined,
    stageLabel: stage ? stageLabel(stage) : undefined,
  };
}

function objectiveSettings(model: NonNullable<ImageModel["objectiveSettings"]>): ObjectiveSettings {
  return {
    objectiveId: idWithin(model.objective),
    correctionCollar: scalarIn(model.correctionCollar),
    medium: enumerator(model.medium),
    refractiveIndex: scalarIn(model.refractiveIndex),
  };
}

function imagingEnvironment(model: NonNullable<ImageModel["imagingEnvironment"]>): ImagingEnvironment {
  return {
    temperature: quantityOf(model.temperature),
    airPressure: quantityOf(model.airPressure),
    humidity: scalarIn(model.humidity),
    co2percent: scalarIn(model.co2percent),
  };
}

function stageLabel(model: NonNullable<ImageModel["stageLabel"]>): StageLabel {
  return {
    name: optionalText(model.name),
    positionX: quantityOf(model.positionX),
    positionY: quantityOf(model.positionY),
    positionZ: quantityOf(model.positionZ),
  };
}
