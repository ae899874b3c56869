import type { Instrument as InstrumentModel } from "../../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../../annotations/annotated-object.js";
import type { Relation } from "../../loading/related-objects.js";
import type { LoadOptions } from "../omero-object.js";
import {
  type Detector,
  type Dichroic,
  enumerator,
  type FilterSet,
  LIGHT_SOURCES,
  type LightSource,
  type MakerDetails,
  makerDetails,
  type Objective,
  type OpticalFilter,
} from "./components.js";

/** The microscope of an instrument. */
export interface Microscope extends MakerDetails {
  /** For example `Inverted`. */
  readonly microscopeType: string | undefined;
}

/** A microscope with what belongs to it. */
export class Instrument extends AnnotatedObject<InstrumentModel> {
  /** Its microscope. */
  get microscope(): Microscope | undefined {
    const { microscope } = this.model;
    return microscope ? { ...makerDetails(microscope), microscopeType: enumerator(microscope.type) } : undefined;
  }
  /** Its objectives. */
  listObjectives(options: LoadOptions = {}): AsyncGenerator<Objective, void, undefined> {
    return this.relatedBy(partsOf("Objective"), options, "listObjectives");
  }
  /** Its detectors. */
  listDetectors(options: LoadOptions = {}): AsyncGenerator<Detector, void, undefined> {
    return this.relatedBy(partsOf("Detector"), options, "listDetectors");
  }
  /** Its light sources, kind by kind. */
  async *listLightSources(options: LoadOptions = {}): AsyncGenerator<LightSource, void, undefined> {
    for (const kind of LIGHT_SOURCES) yield* this.relatedBy<LightSource>(partsOf(kind), options, "listLightSources");
  }
  /** Its filters. */
  listFilters(options: LoadOptions = {}): AsyncGenerator<OpticalFilter, void, undefined> {
    return this.relatedBy(partsOf("Filter"), options, "listFilters");
  }
  /** Its dichroic mirrors. */
  listDichroics(options: LoadOptions = {}): AsyncGenerator<Dichroic, void, undefined> {
    return this.relatedBy(partsOf("Dichroic"), options, "listDichroics");
  }
  /** Its sets of filters. */
  listFilterSets(options: LoadOptions = {}): AsyncGenerator<FilterSet, void, undefined> {
    return this.relatedBy(partsOf("FilterSet"), options, "listFilterSets");
  }

  override toJSON(): object {
    return { ...super.toJSON(), microscope: this.microscope };
  }
}

function partsOf(type: string): Relation {
  return { key: `${type}s of instrument`, type, from: `${type} o`, parent: "o.instrument.id", child: "o.id" };
}
