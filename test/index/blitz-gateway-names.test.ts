/** What the documents call by name in place of BlitzGateway's methods is there. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { OmeroConnection } from "../../src/connect/connection.js";
import * as gateway from "../../src/gateway/index.js";
import * as omero2frame from "../../src/index.js";

/** What the names before the dot stand for. */
const CLASSES: Readonly<Record<string, { readonly prototype: object }>> = {
  connection: OmeroConnection,
  object: gateway.AnnotatedObject,
  dataset: gateway.Dataset,
  image: gateway.Image,
  pixels: gateway.ImagePixels,
  plate: gateway.Plate,
  run: gateway.PlateAcquisition,
  well: gateway.Well,
  wellSample: gateway.WellSample,
  annotation: gateway.FileAnnotation,
  tag: gateway.TagAnnotation,
  file: gateway.OriginalFile,
  fileset: gateway.Fileset,
  instrument: gateway.Instrument,
  objective: gateway.Objective,
  detector: gateway.Detector,
  lightSource: gateway.LightSource,
  filter: gateway.OpticalFilter,
  filterSet: gateway.FilterSet,
  channel: gateway.Channel,
  logicalChannel: gateway.LogicalChannel,
  roi: gateway.Roi,
  user: gateway.Experimenter,
  group: gateway.ExperimenterGroup,
};
/** Properties that an object has of its own. */
const OWN = ["model", "connection"];
const TYPES = [
  "Project",
  "Dataset",
  "Image",
  "Roi",
  "Well",
  "Pixels",
  "Experimenter",
  "ExperimenterGroup",
  "FileAnnotation",
];

const document = await readFile(new URL("../../docs/migration/blitzgateway-methods.md", import.meta.url), "utf8");
const rows = [...document.matchAll(/^\| (`.*?`) \| (.*) \|$/gm)].map(([, theirs, ours]) => [theirs!, ours!] as const);
const codes = rows.flatMap(([, ours]) => [...ours.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));

describe("the table of names", () => {
  it("names members that there are", () => {
    const named = codes.flatMap((code) =>
      [...(/^(\w+)\.(\w+)/.exec(code)?.slice(1) ?? [])].length === 2 ? [code] : [],
    );
    const missing = named.filter((code) => {
      const [, receiver, member] = /^(\w+)\.(\w+)/.exec(code)!;
      const known = CLASSES[receiver!];
      return known !== undefined && !(member! in known.prototype) && !OWN.includes(member!);
    });
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(150);
    const receivers = new Set(named.map((code) => code.split(".")[0]!));
    expect([...receivers].filter((name) => !(name in CLASSES) && !["JSON"].includes(name))).toEqual([]);
  });

  it("names functions and types that there are", () => {
    const functions = codes.flatMap((code) => /^(\w+)\(/.exec(code)?.[1] ?? []);
    expect(functions.filter((name) => !(name in omero2frame))).toEqual([]);
    const types = codes.flatMap((code) => /get(?:Object|Objects)\("(\w+)"/.exec(code)?.[1] ?? []);
    expect(types.filter((name) => !TYPES.includes(name))).toEqual([]);
  });

  it("gives something for every name, or says why not", () => {
    expect(rows.filter(([, ours]) => !ours.includes("`") && !/^not wanted: \S.{10}/.test(ours))).toEqual([]);
    expect(rows.length).toBeGreaterThan(140);
  });
});
