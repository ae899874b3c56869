/** Channels as they were acquired. How they are shown, `image.channels()` says. */
import type {
  Channel as ChannelModel,
  DetectorSettings as DetectorSettingsModel,
  LightSettings as LightSettingsModel,
  LogicalChannel as LogicalChannelModel,
} from "../../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../../annotations/annotated-object.js";
import { Family, wrapIn } from "../../loading/family.js";
import { optionalText, type Quantity, quantityOf, scalarIn } from "../../plain-values.js";
import { OmeroObject } from "../omero-object.js";
import { idWithin } from "../plain-members.js";
import { enumerator } from "./components.js";

/** How a detector was set. */
export interface DetectorSettings {
  /** Id of the detector. */
  readonly detectorId: number | undefined;
  /** Gain. */
  readonly gain: number | undefined;
  /** Voltage. */
  readonly voltage: Quantity | undefined;
  /** Offset. */
  readonly offsetValue: number | undefined;
  /** Zoom. */
  readonly zoom: number | undefined;
  /** For example `2x2`. */
  readonly binning: string | undefined;
}

/** How a light source was set. */
export interface LightSourceSettings {
  /** Id of the light source. */
  readonly lightSourceId: number | undefined;
  /** Share of the light that was held back, 0 to 1. */
  readonly attenuation: number | undefined;
  /** Its wavelength. */
  readonly wavelength: Quantity | undefined;
}

/** What channels of several images may share: dye, wavelengths, and how it was acquired. */
export class LogicalChannel extends OmeroObject<LogicalChannelModel> {
  /** Its name. */
  get name(): string | undefined {
    return optionalText(this.model.name);
  }
  /** The dye. */
  get fluor(): string | undefined {
    return optionalText(this.model.fluor);
  }
  /** Wavelength of the light that was sent. */
  get excitationWave(): Quantity | undefined {
    return quantityOf(this.model.excitationWave);
  }
  /** Wavelength of the light that came back. */
  get emissionWave(): Quantity | undefined {
    return quantityOf(this.model.emissionWave);
  }
  /** Size of the pinhole. */
  get pinholeSize(): Quantity | undefined {
    return quantityOf(this.model.pinHoleSize);
  }
  /** Share of light that a neutral filter let through. */
  get ndFilter(): number | undefined {
    return scalarIn(this.model.ndFilter);
  }
  /** Samples of a pixel: 3 of colour pictures. */
  get samplesPerPixel(): number | undefined {
    return scalarIn(this.model.samplesPerPixel);
  }
  /** For example `Epifluorescence`. */
  get illumination(): string | undefined {
    return enumerator(this.model.illumination);
  }
  /** For example `Fluorescence`. */
  get contrastMethod(): string | undefined {
    return enumerator(this.model.contrastMethod);
  }
  /** For example `LaserScanningConfocalMicroscopy`. */
  get mode(): string | undefined {
    return enumerator(this.model.mode);
  }
  /** How the detector was set. */
  get detectorSettings(): DetectorSettings | undefined {
    return this.model.detectorSettings ? detectorSettings(this.model.detectorSettings) : undefined;
  }
  /** How the light source was set. */
  get lightSourceSettings(): LightSourceSettings | undefined {
    return this.model.lightSourceSettings ? lightSourceSettings(this.model.lightSourceSettings) : undefined;
  }
}

/** A channel of an image's pixels. */
export class Channel extends AnnotatedObject<ChannelModel> {
  /** Its name. */
  get name(): string | undefined {
    return this.logicalChannel?.name;
  }
  /** Least and greatest value, where the server knows them. */
  get range(): readonly [minimum: number, maximum: number] | undefined {
    const { globalMin, globalMax } = this.model.statsInfo ?? {};
    return globalMin && globalMax ? [globalMin.val, globalMax.val] : undefined;
  }
  /** Id of the Pixels it is of. */
  get pixelsId(): number | undefined {
    return idWithin(this.model.pixels);
  }
  /** Dye, wavelengths, and how it was acquired. */
  get logicalChannel(): LogicalChannel | undefined {
    const { logicalChannel } = this.model;
    return logicalChannel ? wrapIn(new Family(this.context, [logicalChannel]), logicalChannel) : undefined;
  }
}

function detectorSettings(model: DetectorSettingsModel): DetectorSettings {
  return {
    detectorId: idWithin(model.detector),
    gain: scalarIn(model.gain),
    voltage: quantityOf(model.voltage),
    offsetValue: scalarIn(model.offsetValue),
    zoom: scalarIn(model.zoom),
    binning: enumerator(model.binning),
  };
}

function lightSourceSettings(model: LightSettingsModel): LightSourceSettings {
  return {
    lightSourceId: idWithin(model.lightSource),
    attenuation: scalarIn(model.attenuation),
    wavelength: quantityOf(model.wavelength),
  };
}
