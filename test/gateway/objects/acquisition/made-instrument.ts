/** An image with all that is known of how it was acquired, made through services. */

import { createInstance } from "../../../../src/connect/ice/schema/instance.js";
import type { OmeroClasses } from "../../../../src/connect/ice/schema/omero.js";
import type { OmeroConnection } from "../../../../src/connect/index.js";
import { rbool, rdouble, rint, rlong, rstring } from "../../../../src/rtypes.js";

type Name = keyof OmeroClasses extends infer Id ? (Id extends `::omero::model::${infer N}` ? N : never) : never;

/** A loaded object of a class, with these members. */
export function made(type: Name, members: object): never {
  return createInstance(`::omero::model::${type}`, { ...members, loaded: true } as never) as never;
}

const maker = (model: string) => ({ manufacturer: rstring("Acme"), model: rstring(model) });
const length = (value: number, unit: string) => made("Length" as never, { value, unit });

/** Adds an instrument, a fileset and so on to an image that has pixels. */
export async function addAcquisition(connection: OmeroConnection, imageId: number): Promise<void> {
  const update = connection.getUpdateService();
  const types = connection.service("::omero::api::ITypes");
  const enumeration = async (type: string, value: string) => (await types.getEnumeration(type, value)) as never;
  const objective = made("Objective", {
    ...maker("60x"),
    ...{ nominalMagnification: rdouble(60), lensNA: rdouble(1.4), iris: rbool(true) },
    immersion: await enumeration("Immersion", "Oil"),
    correction: await enumeration("Correction", "PlanApo"),
    workingDistance: length(0.13, "MILLIMETER"),
  });
  const detector = made("Detector", {
    ...maker("cam"),
    ...{ gain: rdouble(2), zoom: rdouble(1.5) },
    type: await enumeration("DetectorType", "CCD"),
  });
  const laser = made("Laser", {
    ...maker("488"),
    ...{ type: await enumeration("LaserType", "SolidState"), wavelength: length(488, "NANOMETER") },
    laserMedium: await enumeration("LaserMedium", "Other"),
  });
  const arc = made("Arc", { ...maker("lamp"), type: await enumeration("ArcType", "Hg") });
  const filter = made("Filter", {
    ...maker("BP"),
    type: await enumeration("FilterType", "BandPass"),
    transmittanceRange: made("TransmittanceRange", {
      cutIn: length(500, "NANOMETER"),
      cutOut: length(550, "NANOMETER"),
    }),
  });
  const microscope = made("Microscope", {
    ...maker("Scope"),
    type: await enumeration("MicroscopeType", "Inverted"),
  });
  const instrument = await update.saveAndReturnObject(made("Instrument", { microscope }));
  const byId = (type: Name, id: bigint) =>
    createInstance(`::omero::model::${type}`, { id: rlong(id), loaded: false } as never) as never;
  const within = { instrument: byId("Instrument", instrument!.id!.val) };
  const parts = [objective, detector, laser, arc, filter, made("Dichroic", maker("D"))];
  await update.saveArray(parts.map((part) => ({ ...(part as object), ...within }) as never));
  const one = async (type: string) => {
    const hql = `select o.id from ${type} o where o.instrument.id = ${instrument!.id!.val}`;
    const [row] = await connection.getQueryService().projection(hql, null);
    return (row![0] as unknown as { val: bigint }).val;
  };
  const set = await update.saveAndReturnObject(
    made("FilterSet", { ...maker("set"), ...within, dichroic: byId("Dichroic", await one("Dichroic")) }),
  );
  const ends = { parent: byId("FilterSet", set!.id!.val), child: byId("Filter", await one("Filter")) };
  await update.saveObject(made("FilterSetEmissionFilterLink", ends));
  const file = made("OriginalFile", { name: rstring("cells.tif"), path: rstring("/data/") });
  const newFileset: object = made("Fileset", { templatePrefix: rstring("ann_2/2026/"), usedFilesLoaded: true });
  const entry = { originalFile: file, clientPath: rstring("home/cells.tif"), fileset: newFileset };
  Object.assign(newFileset, { usedFilesSeq: [made("FilesetEntry", entry)] });
  const fileset = await update.saveAndReturnObject(newFileset as never);
  const image = (await connection.getQueryService().get("Image", imageId)) as object;
  await update.saveObject({
    ...image,
    ...{ instrument: byId("Instrument", instrument!.id!.val), fileset: byId("Fileset", fileset!.id!.val) },
    objectiveSettings: made("ObjectiveSettings", {
      ...{ objective: byId("Objective", await one("Objective")), refractiveIndex: rdouble(1.52) },
      medium: await enumeration("Medium", "Oil"),
    }),
    imagingEnvironment: made("ImagingEnvironment", { humidity: rdouble(0.4), co2percent: rdouble(0.05) }),
    stageLabel: made("StageLabel", { name: rstring("left"), positionX: length(3, "MICROMETER") }),
  } as never);
  const hql = `select c.logicalChannel from Channel c where c.pixels.image.id = ${imageId} order by c.id`;
  const [channel] = await connection.getQueryService().findAllByQuery(hql, null);
  await update.saveObject({
    ...channel,
    ...{ name: rstring("DAPI"), fluor: rstring("DAPI"), samplesPerPixel: rint(1), ndFilter: rdouble(0.5) },
    ...{ emissionWave: length(461, "NANOMETER"), pinHoleSize: length(1.5, "MICROMETER") },
    mode: await enumeration("AcquisitionMode", "WideField"),
    detectorSettings: made("DetectorSettings", {
      ...{ detector: byId("Detector", await one("Detector")), gain: rdouble(3) },
      binning: await enumeration("Binning", "2x2"),
    }),
    lightSourceSettings: made("LightSettings", {
      ...{ lightSource: byId("Laser", await one("Laser")), attenuation: rdouble(0.25) },
    }),
  } as never);
}
