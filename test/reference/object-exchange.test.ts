/** Objects of every type, made by one gateway and read by both: each must tell the same of them. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Image } from "../../src/gateway/index.js";
import { rint, rlong, rstring } from "../../src/rtypes.js";
import { addAcquisition, made } from "../gateway/objects/acquisition/made-instrument.js";
import { EVERY_SHAPE } from "../gateway/rois/every-shape.js";
import { listed, ServedWorld } from "../gateway/served-world.js";
import { PythonSession } from "./python-session.js";

/** Ids of what is described. */
type Ids = Readonly<Record<"project" | "screen" | "image" | "folder" | "file", number>>;

const TELL = `
  import omero, omero.model
  from omero.gateway import BlitzGateway
  from omero.model import *
  from omero.model.enums import UnitsLength
  from omero.rtypes import rbool, rdouble, rint, rlong, rstring, unwrap
  import numpy

  def quantity(length): return None if length is None else [length.getValue(), str(length.getUnit())]
  def name(enumeration): return enumeration.getValue() if enumeration is not None else None
  def made_by(o): return [o.getManufacturer(), o.getModel()]
  def told(ids):
      project, screen, image = (conn.getObject(t, ids[t.lower()]) for t in ("Project", "Screen", "Image"))
      dataset, plate = list(project.listChildren())[0], list(screen.listChildren())[0]
      wells = sorted(plate.listChildren(), key=lambda w: (w.row, w.column))
      instrument, settings, stage, around = image.getInstrument(), image.getObjectiveSettings(), image.getStageLabel(), image.getImagingEnvironment()
      objective, detector, filt = instrument.getObjectives()[0], instrument.getDetectors()[0], instrument.getFilters()[0]
      channel = image.getChannels(noRE=True)[0].getLogicalChannel()
      folder = conn.getQueryService().findByQuery("select f from Folder f left outer join fetch f.childFolders where f.id = %d" % ids["folder"], None)
      file = conn.getObject("OriginalFile", ids["file"])
      user, group = conn.getUser(), conn.getGroupFromContext()
      return {
          "project": [project.getName(), project.getDescription(), project.getOwnerOmeName(), project.getDetails().getGroup().getName()],
          "dataset": [dataset.getName(), [i.getName() for i in dataset.listChildren()], dataset.getParent().getName()],
          "screen": [screen.getName(), plate.getName(), plate.getParent().getName(), plate.rowNamingConvention],
          "wells": [[w.row, w.column, w.getWellPos(), [s.getImage().getName() for s in w.listChildren()]] for w in wells],
          "runs": [[r.getName()] for r in plate.listPlateAcquisitions()],
          "image": [image.getName(), image.getSizeX(), image.getSizeC(), image.getPixelsType(), image.getParent().getName()],
          "instrument": made_by(instrument.getMicroscope()) + [name(instrument.getMicroscope().getMicroscopeType())],
          "objective": made_by(objective) + [objective.getLensNA(), name(objective.getImmersion()), name(objective.getCorrection()), unwrap(objective._obj.iris), quantity(objective._obj.workingDistance)],
          "detector": made_by(detector) + [detector.getGain(), name(detector.getDetectorType())],
          "light": sorted([type(s._obj).__name__[:-1], s.getManufacturer(), s.getModel(), name(s.getLightSourceType())] for s in instrument.getLightSources()),
          "filter": made_by(filt) + [name(filt.getFilterType()), quantity(filt._obj.transmittanceRange.cutIn)],
          "acquisition": [name(settings.getMedium()), settings.getRefractiveIndex(), stage.getName(), around.getHumidity()],
          "channel": [channel.getName(), channel.getFluor(), quantity(channel._obj.emissionWave), name(channel.getMode())],
          "fileset": [f.getPath() + f.getName() for f in image.getFileset().listFiles()],
          "folder": [unwrap(folder.name), [unwrap(f.name) for f in folder.copyChildFolders()]],
          "file": [file.getName(), file.getPath(), file.getSize(), file.getMimetype(), b"".join(file.getFileInChunks()).decode()],
          "user": [user.getName(), user.getFullName()],
          "group": [group.getName(), str(group.getDetails().getPermissions())],
      }
`;

let world: ServedWorld;
let python: PythonSession;
beforeAll(async () => {
  world = await ServedWorld.start();
  python = await PythonSession.start(TELL);
  await python.run(
    `conn = BlitzGateway("ann", "ann-pass", host="127.0.0.1", port=port)
assert conn.connect()`,
    { port: world.server.tlsPort },
  );
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const amount = (value: { value: number; unit: string } | undefined) => value && [value.value, value.unit];

async function told({ project: projectId, screen: screenId, image: imageId, folder: folderId, file: fileId }: Ids) {
  const { connection } = world;
  const project = await connection.getObject("Project", projectId);
  const screen = await connection.getObject("Screen", screenId);
  const image = await connection.getObject("Image", imageId);
  const [dataset] = await listed(project.listChildren());
  const [plate] = await listed(screen.listChildren());
  const wells = await listed(plate!.listChildren());
  const folder = await connection.getObject("Folder", folderId);
  const file = await connection.getObject("OriginalFile", fileId);
  const user = await connection.getObject("Experimenter", connection.session.userId);
  const group = await connection.getCurrentGroup();
  const { details } = project;
  return {
    project: [project.name, project.description, details.owner?.userName, details.group?.name],
    dataset: [
      dataset!.name,
      (await listed(dataset!.listChildren())).map(({ name }) => name),
      await parentName(dataset!),
    ],
    screen: [screen.name, plate!.name, await parentName(plate!), plate!.rowNamingConvention],
    wells: wells.map(({ row, column, name, images }) => [row, column, name, images.map((one) => one.name)]),
    runs: (await listed(plate!.listPlateAcquisitions())).map(({ name }) => [name]),
    image: [image.name, image.sizeX, image.sizeC, image.pixelsType, await parentName(image)],
    ...(await acquisitionOf(image)),
    folder: [folder.name, (await listed(folder.listChildren())).map(({ name }) => name)],
    file: [file.name, file.path, file.size, file.mimetype, await file.text()],
    user: [user.userName, user.fullName],
    group: [group.name, group.permissions],
  };
}

async function parentName(object: { getParent(): Promise<{ name: string } | undefined> }) {
  return (await object.getParent())?.name;
}

async function acquisitionOf(image: Image) {
  const instrument = (await image.getInstrument())!;
  const [objective] = await listed(instrument.listObjectives());
  const [detector] = await listed(instrument.listDetectors());
  const [filter] = await listed(instrument.listFilters());
  const sources = await listed(instrument.listLightSources());
  const { objectiveSettings, stageLabel, imagingEnvironment } = await image.acquisition();
  const hql = "select c from Channel c where c.pixels.id = :pixels order by c.id";
  const [[first]] = (await world.connection.query(hql, { pixels: image.pixelsId! })) as [[{ id: number }]];
  const { logicalChannel } = await world.connection.getObject("Channel", first.id);
  const { manufacturer, modelName, microscopeType } = instrument.microscope!;
  const maker = (part: { maker: { manufacturer?: string | undefined; modelName?: string | undefined } }) => [
    ...[part.maker.manufacturer, part.maker.modelName],
  ];
  return {
    instrument: [manufacturer, modelName, microscopeType],
    objective: [
      ...[...maker(objective!), objective!.lensNA, objective!.immersion, objective!.correction, objective!.iris],
      amount(objective!.workingDistance),
    ],
    detector: [...maker(detector!), detector!.gain, detector!.detectorType],
    light: sources.map((source) => [source.type, ...maker(source), source.lightSourceType]).sort(),
    filter: [...maker(filter!), filter!.filterType, amount(filter!.transmittance?.cutIn)],
    acquisition: [
      ...[objectiveSettings?.medium, objectiveSettings?.refractiveIndex, stageLabel?.name],
      imagingEnvironment?.humidity,
    ],
    channel: [logicalChannel!.name, logicalChannel!.fluor, amount(logicalChannel!.emissionWave), logicalChannel!.mode],
    fileset: (await image.getFileset())!.files.map(({ name, path }) => path + name),
  };
}

async function madeHere(): Promise<Ids> {
  const { connection } = world;
  const project = await connection.createObject("Project", { name: "Zellkerne ä", description: "all of them" });
  const dataset = await connection.createObject("Dataset", { name: "day / 1", parent: project });
  const screen = await connection.createObject("Screen", { name: "screen" });
  const plate = await connection.createObject("Plate", { name: "plate", parent: screen });
  const planes = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)];
  const size = { sizeX: 2, sizeY: 2, sizeC: 2 };
  const image = await connection.createImage({ name: "cells", ...size, planes, datasetId: dataset.id });
  await addAcquisition(connection, image.id);
  const update = connection.getUpdateService();
  const byId = (type: string, id: number) => ({
    ...(made(type as "Plate", {}) as object),
    id: rlong(id),
    loaded: false,
  });
  const run = await update.saveAndReturnObject(
    made("PlateAcquisition", { name: rstring("run 1"), plate: byId("Plate", plate.id) }),
  );
  const acquisition = byId("PlateAcquisition", Number(run!.id!.val));
  const field = made("WellSample", { image: byId("Image", image.id), plateAcquisition: acquisition });
  const well = { plate: byId("Plate", plate.id), row: rint(1), column: rint(2) };
  await update.saveObject(made("Well", { ...well, wellSamplesSeq: [field], wellSamplesLoaded: true }));
  const { model } = plate;
  await update.saveObject({ ...model, rowNamingConvention: rstring("letter") } as never);
  const folder = await connection.createObject("Folder", { name: "outer" });
  await connection.createObject("Folder", { name: "inner", parent: folder });
  const attached = await dataset.annotate({ file: new URL("python_session.py", import.meta.url) });
  const file = (attached as unknown as { file: { id: number } }).file.id;
  return { project: project.id, screen: screen.id, image: image.id, folder: folder.id, file };
}

const MADE_THERE = `
  u, types = conn.getUpdateService(), conn.getTypesService()
  def save(o): return u.saveAndReturnObject(o)
  def new(cls, **members):
      o = cls()
      for key, value in members.items(): setattr(o, key, value)
      return o
  def link(cls, parent, child):
      u.saveObject(new(cls, parent=parent.proxy(), child=child.proxy()))
  def value(cls, text): return types.getEnumeration(cls, text)
  def maker(cls, model, **members): return new(cls, manufacturer=rstring("Acme"), model=rstring(model), **members)
  def nm(v): return LengthI(v, UnitsLength.NANOMETER)
  project = save(new(ProjectI, name=rstring("Kerne 細胞"), description=rstring("theirs")))
  dataset = save(new(DatasetI, name=rstring("day 2")))
  link(ProjectDatasetLinkI, project, dataset)
  screen, plate = save(new(ScreenI, name=rstring("their screen"))), save(new(PlateI, name=rstring("their plate"), rowNamingConvention=rstring("number")))
  link(ScreenPlateLinkI, screen, plate)
  plane = numpy.arange(6, dtype="uint16").reshape(2, 3)
  image = conn.createImageFromNumpySeq(iter([plane, plane + 1]), "their cells", 1, 2, 1, dataset=conn.getObject("Dataset", dataset.id.val))
  run = save(new(PlateAcquisitionI, name=rstring("their run"), plate=plate.proxy()))
  for column in (0, 3):
      well = new(WellI, plate=plate.proxy(), row=rint(0), column=rint(column))
      well.addWellSample(new(WellSampleI, image=ImageI(image.getId(), False), plateAcquisition=run.proxy()))
      save(well)
  instrument = new(InstrumentI, microscope=maker(MicroscopeI, "Big", type=value("MicroscopeType", "Upright")))
  instrument.addObjective(maker(ObjectiveI, "20x", lensNA=rdouble(0.8), immersion=value("Immersion", "Air"), correction=value("Correction", "PlanFluor"), iris=rbool(False), workingDistance=LengthI(0.5, UnitsLength.MILLIMETER)))
  instrument.addDetector(maker(DetectorI, "PMT 1", gain=rdouble(1.25), type=value("DetectorType", "PMT")))
  instrument.addLightSource(maker(LaserI, "561", type=value("LaserType", "Gas"), laserMedium=value("LaserMedium", "Ar"), wavelength=nm(561)))
  instrument.addLightSource(maker(FilamentI, "bulb", type=value("FilamentType", "Halogen")))
  instrument.addFilter(maker(FilterI, "LP", type=value("FilterType", "LongPass"), transmittanceRange=new(TransmittanceRangeI, cutIn=nm(600))))
  instrument = save(instrument)
  fileset = new(FilesetI, templatePrefix=rstring("x/"))
  fileset.addFilesetEntry(new(FilesetEntryI, clientPath=rstring("a.czi"), originalFile=new(OriginalFileI, name=rstring("a.czi"), path=rstring("/theirs/"))))
  fileset = save(fileset)
  obj = conn.getQueryService().get("Image", image.getId())
  obj.instrument, obj.fileset = instrument.proxy(), fileset.proxy()
  obj.objectiveSettings = new(ObjectiveSettingsI, objective=instrument.copyObjective()[0].proxy(), medium=value("Medium", "Air"), refractiveIndex=rdouble(1.0))
  obj.stageLabel, obj.imagingEnvironment = new(StageLabelI, name=rstring("right")), new(ImagingEnvironmentI, humidity=rdouble(0.3))
  u.saveObject(obj)
  channel = conn.getQueryService().findAllByQuery("select lc from Channel c join c.logicalChannel lc where c.pixels.image.id = %d order by c.id" % image.getId(), None)[0]
  channel.name, channel.fluor, channel.emissionWave, channel.mode = rstring("GFP"), rstring("eGFP"), nm(509), value("AcquisitionMode", "SpinningDiskConfocal")
  u.saveObject(channel)
  folder = save(new(FolderI, name=rstring("their folder")))
  save(new(FolderI, name=rstring("sub"), parentFolder=folder.proxy()))
  open(path, "w").write("content of theirs\\n" * 3)
  file = conn.createFileAnnfromLocalFile(path, mimetype="text/plain").getFile()
  result = {"project": project.id.val, "screen": screen.id.val, "image": image.getId(), "folder": folder.id.val, "file": file.getId()}`;

describe("objects of every type", () => {
  it("made here are told alike by both", async () => {
    const ids = await madeHere();
    const theirs = await python.run("result = told(ids)", { ids });
    expect(theirs).toMatchObject({
      project: ["Zellkerne ä", "all of them", "ann", "lab"],
      wells: [[1, 2, "B3", ["cells"]]],
      objective: ["Acme", "60x", 1.4, "Oil", "PlanApo", true, [0.13, "MILLIMETER"]],
    });
    expect(await told(ids)).toEqual(theirs);
  });

  it("made by omero-py are told alike by both", async () => {
    const path = join(tmpdir(), `omero2frame-exchange-${process.pid}.txt`);
    const ids = await python.run<Ids>(MADE_THERE, { path });
    const ours = await told(ids);
    expect(ours).toMatchObject({
      project: ["Kerne 細胞", "theirs", "ann", "lab"],
      objective: ["Acme", "20x", 0.8, "Air", "PlanFluor", false, [0.5, "MILLIMETER"]],
      light: [
        ["Filament", "Acme", "bulb", "Halogen"],
        ["Laser", "Acme", "561", "Gas"],
      ],
    });
    expect(ours).toEqual(await python.run("result = told(ids)", { ids }));
  });
});

describe("shapes of every type", () => {
  it("written by omero-py are read here as they are", async () => {
    const { connection } = world;
    const size = { sizeX: 2, sizeY: 2, planes: [new Uint8Array(4)] };
    const drawn = await connection.createImage({ name: "drawn here", ...size });
    const copied = await connection.createImage({ name: "drawn there", ...size });
    await drawn.createRois([{ name: "all", shapes: EVERY_SHAPE }]);
    await python.run(
      `roi = conn.getRoiService().findByImage(source, None).rois[0]
copy = omero.model.RoiI()
copy.image, copy.name = omero.model.ImageI(target, False), rstring("all")
def plain(value):
    if isinstance(value, omero.model.Length): return type(value)(value.getValue(), value.getUnit())
    if isinstance(value, omero.model.AffineTransform):
        t = type(value)()
        for a in ("a00", "a10", "a01", "a11", "a02", "a12"): setattr(t, a, rdouble(unwrap(getattr(value, a))))
        return t
    return value
for shape in roi.copyShapes():
    new = type(shape)()
    for name, value in vars(shape).items():
        member = name.lstrip("_")
        if member in ("id", "details", "roi", "version", "loaded", "annotationLinksSeq", "annotationLinksLoaded", "annotationLinksCountPerOwner", "pixels") or value is None or name.startswith("_op") : continue
        try: setattr(new, member, plain(value))
        except AttributeError: pass
    copy.addShape(new)
conn.getUpdateService().saveObject(copy)`,
      { source: drawn.id, target: copied.id },
    );
    const shapes = (await copied.rois()).shapes.map(({ id: _, ...shape }) => shape);
    expect(shapes).toEqual((await drawn.rois()).shapes.map(({ id: _, ...shape }) => shape));
    expect(shapes.map(({ type }) => type)).toEqual(EVERY_SHAPE.map(({ type }) => type));
    expect(shapes).toMatchObject(EVERY_SHAPE);
  });
});
