/** What instruments are made of: objectives, detectors, light sources, filters. */
import type {
  Detector as DetectorModel,
  Dichroic as DichroicModel,
  Filter as FilterModel,
  FilterSet as FilterSetModel,
  IObject,
  Laser,
  LightSource as LightSourceModel,
  Objective as ObjectiveModel,
  RString,
} from "../../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../../annotations/annotated-object.js";
import { optionalText, type Quantity, quantityOf, scalarIn } from "../../plain-values.js";
import { OmeroObject } from "../omero-object.js";
import { idWithin } from "../plain-members.js";

interface MadeModel extends IObject {
  readonly manufacturer: RString | null;
  readonly model: RString | null;
  readonly serialNumber: RString | null;
  readonly lotNumber: RString | null;
}

/** Who made a thing, and which it is. */
export interface MakerDetails {
  /** Who made it. */
  readonly manufacturer: string | undefined;
  /** What its maker calls it. */
  readonly modelName: string | undefined;
  /** Its number. */
  readonly serialNumber: string | undefined;
  /** Number of the lot it is of. */
  readonly lotNumber: string | undefined;
}

export function makerDetails({ manufacturer, model, serialNumber, lotNumber }: MadeModel): MakerDetails {
  return {
    manufacturer: optionalText(manufacturer),
    modelName: optionalText(model),
    serialNumber: optionalText(serialNumber),
    lotNumber: optionalText(lotNumber),
  };
}

/** The name of an enumeration's member. */
export function enumerator(value: { readonly value: RString | null } | null): string | undefined {
  return optionalText(value?.value);
}

/** An objective. */
export class Objective extends AnnotatedObject<ObjectiveModel> {
  /** Who made it, and which it is. */
  get maker(): MakerDetails {
    return makerDetails(this.model);
  }
  /** Magnification that its maker says. */
  get nominalMagnification(): number | undefined {
    return scalarIn(this.model.nominalMagnification);
  }
  /** Magnification that was measured. */
  get calibratedMagnification(): number | undefined {
    return scalarIn(this.model.calibratedMagnification);
  }
  /** Numerical aperture. */
  get lensNA(): number | undefined {
    return scalarIn(this.model.lensNA);
  }
  /** For example `Oil`. */
  get immersion(): string | undefined {
    return enumerator(this.model.immersion);
  }
  /** For example `PlanApo`. */
  get correction(): string | undefined {
    return enumerator(this.model.correction);
  }
  /** Distance to what is seen sharp. */
  get workingDistance(): Quantity | undefined {
    return quantityOf(this.model.workingDistance);
  }
  /** Whether it has an iris. */
  get iris(): boolean | undefined {
    return scalarIn(this.model.iris);
  }
}

/** A detector. */
export class Detector extends AnnotatedObject<DetectorModel> {
  /** Who made it, and which it is. */
  get maker(): MakerDetails {
    return makerDetails(this.model);
  }
  /** For example `CCD`. */
  get detectorType(): string | undefined {
    return enumerator(this.model.type);
  }
  /** Voltage. */
  get voltage(): Quantity | undefined {
    return quantityOf(this.model.voltage);
  }
  /** Gain. */
  get gain(): number | undefined {
    return scalarIn(this.model.gain);
  }
  /** Gain of its amplifier. */
  get amplificationGain(): number | undefined {
    return scalarIn(this.model.amplificationGain);
  }
  /** Offset. */
  get offsetValue(): number | undefined {
    return scalarIn(this.model.offsetValue);
  }
  /** Zoom. */
  get zoom(): number | undefined {
    return scalarIn(this.model.zoom);
  }
}

/** Kinds of light sources. They are loaded by kind, so that what each has comes along. */
export const LIGHT_SOURCES = ["Laser", "Arc", "Filament", "LightEmittingDiode", "GenericExcitationSource"] as const;

/** A light source; {@link OmeroObject.type} says of which kind: `Laser`, `Arc`, `Filament`, `LightEmittingDiode`. */
export class LightSource extends AnnotatedObject<LightSourceModel> {
  /** Who made it, and which it is. */
  get maker(): MakerDetails {
    return makerDetails(this.model);
  }
  /** Power. */
  get power(): Quantity | undefined {
    return quantityOf(this.model.power);
  }
  /** What kind of laser, arc or filament it is, for example `SolidState`. */
  get lightSourceType(): string | undefined {
    return "type" in this.model ? enumerator((this.model as Laser).type) : undefined;
  }
  /** Of a laser: its medium. */
  get laserMedium(): string | undefined {
    return "laserMedium" in this.model ? enumerator((this.model as Laser).laserMedium) : undefined;
  }
  /** Of a laser: its wavelength. */
  get wavelength(): Quantity | undefined {
    return "wavelength" in this.model ? quantityOf((this.model as Laser).wavelength) : undefined;
  }
  /** Of a laser: id of the light source that pumps it. */
  get pumpId(): number | undefined {
    return "pump" in this.model ? idWithin((this.model as Laser).pump) : undefined;
  }
}

/** A filter: OMERO's `Filter`. */
export class OpticalFilter extends AnnotatedObject<FilterModel> {
  /** Who made it, and which it is. */
  get maker(): MakerDetails {
    return makerDetails(this.model);
  }
  /** For example `BandPass`. */
  get filterType(): string | undefined {
    return enumerator(this.model.type);
  }
  /** The wheel it is in. */
  get filterWheel(): string | undefined {
    return optionalText(this.model.filterWheel);
  }
  /** The wavelengths that it lets through. */
  get transmittance(): { readonly cutIn: Quantity | undefined; readonly cutOut: Quantity | undefined } | undefined {
    const range = this.model.transmittanceRange;
    return range ? { cutIn: quantityOf(range.cutIn), cutOut: quantityOf(range.cutOut) } : undefined;
  }
}

/** A dichroic mirror. */
export class Dichroic extends AnnotatedObject<DichroicModel> {
  /** Who made it, and which it is. */
  get maker(): MakerDetails {
    return makerDetails(this.model);
  }
}

/** Filters and a dichroic mirror that go together. */
export class FilterSet extends OmeroObject<FilterSetModel> {
  /** Who made it, and which it is. */
  get maker(): MakerDetails {
    return makerDetails(this.model);
  }
  /** Id of its dichroic mirror. */
  get dichroicId(): number | undefined {
    return idWithin(this.model.dichroic);
  }
  /** Ids of the filters that light goes through to the sample. */
  get excitationFilterIds(): number[] {
    return this.model.excitationFilterLinkSeq.flatMap((link) => idWithin(link?.child) ?? []);
  }
  /** Ids of the filters that light goes through from the sample. */
  get emissionFilterIds(): number[] {
    return this.model.emissionFilterLinkSeq.flatMap((link) => idWithin(link?.child) ?? []);
  }
}
