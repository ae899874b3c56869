import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rdouble, rint, rlong, rstring } from "../../../../src/rtypes.js";
import type { Instance } from "../../../../src/server/model/materialize.js";
import { permissionBits } from "../../../../src/server/model/permissions.js";
import type { ObjectOptions } from "../../../../src/server/options.js";
import { saveObjects } from "../../../../src/server/world/saving/save.js";
import { planOf } from "../../../../src/server/world/saving/saved-plan.js";
import { instance, named, type SmallWorld, smallWorld, stored, unloadedInstance } from "../small-world.js";

const OBJECTS: ObjectOptions[] = [
  { type: "Image", id: 1, group: "read-only", owner: "ann" },
  { type: "Image", id: 2, group: "read-annotate", owner: "ann" },
  { type: "Image", id: 3, group: "private", owner: "ann" },
  { type: "Dataset", id: 1, group: "read-only", owner: "ann" },
  { type: "OriginalFile", id: 5, group: "read-only", owner: "ann" },
];

let small: SmallWorld;
beforeEach(async () => {
  small = await smallWorld(OBJECTS);
});
afterEach(() => small[Symbol.asyncDispose]());

function save(user: string, group: string | undefined, ...instances: (Instance | null)[]) {
  const references = saveObjects(small.world, small.access(user, group), instances);
  return references.map((reference) => stored(small.world, reference));
}

const link = (parent: Instance, child: Instance) => instance("ImageAnnotationLink", { parent, child });
const count = (className: string) => [...small.world.store.all(className)].length;

describe("saveObjects", () => {
  it("gives a new object an id, its owner, its group and what was sent", () => {
    const [tag] = save("bob", "read-annotate", instance("TagAnnotation", { textValue: rstring("ä"), ns: null }));
    expect(tag).toMatchObject({
      className: "TagAnnotation",
      owner: small.world.accounts.userNamed("bob")!.id,
      group: 12n,
      values: { textValue: rstring("ä"), ns: null, version: null },
    });
  });

  it("saves what a new object refers to, once", () => {
    const tag = instance("TagAnnotation", { textValue: rstring("t") });
    const links = [
      link(unloadedInstance("Image", 2n), tag),
      link(unloadedInstance("Image", 2n), instance("TagAnnotation")),
    ];
    const [first, second] = save("ann", "read-annotate", ...links, tag);
    expect(count("TagAnnotation")).toBe(2);
    expect(first!.values.child).not.toEqual(second!.values.child);
  });

  it("saves new members of a collection", () => {
    const roi = instance("Roi", {
      image: unloadedInstance("Image", 1n),
      shapesLoaded: true,
      shapesSeq: [instance("Rectangle", { x: rdouble(1) }), instance("Point", { x: rdouble(2) })],
    });
    const [saved] = save("ann", "read-only", roi);
    const shapes = small.world.store.referring("Shape", "roi", saved!);
    expect(shapes.map(({ className, values }) => [className, values.x])).toEqual([
      ["Rectangle", rdouble(1)],
      ["Point", rdouble(2)],
    ]);
    expect([...planOf(small.world, roi).properties.keys()]).toEqual(["details", "shapes", "image"]);
  });

  it("survives objects that refer to each other", () => {
    const image = named("Image", "new");
    const made = instance("ImageAnnotationLink", { parent: image, child: instance("TagAnnotation") });
    image.annotationLinksSeq = [made];
    image.annotationLinksLoaded = true;
    save("ann", "read-only", image);
    expect(count("ImageAnnotationLink")).toBe(1);
    expect(planOf(small.world, image).properties.get("annotationLinks")).toBeDefined();
  });

  it("changes a loaded object and leaves one that is not loaded alone", () => {
    const renamed = { ...named("Image", "new name"), id: rlong(1) };
    const [image] = save("ann", "read-only", renamed);
    expect(image!.values).toMatchObject({ name: rstring("new name"), version: null });
    save("ann", "read-only", unloadedInstance("Image", 1n));
    expect(stored(small.world, { className: "Image", id: 1n }).values.name).toEqual(rstring("new name"));
  });

  it("takes listed values for enumerations, and no others", () => {
    const file = (value: string) =>
      instance("OriginalFile", {
        name: rstring("f"),
        path: rstring("/"),
        hasher: instance("ChecksumAlgorithm", { value: rstring(value) }),
      });
    const before = count("ChecksumAlgorithm");
    save("ann", "read-only", file("SHA1-160"));
    expect(() => save("ann", "read-only", file("ROT13"))).toThrow(/ChecksumAlgorithm:ROT13:Id_\d+ is a System-type/);
    expect(count("ChecksumAlgorithm")).toBe(before);
  });

  it("saves all or nothing", () => {
    const before = count("TagAnnotation");
    const bad = link(unloadedInstance("Image", 12345n), instance("TagAnnotation"));
    expect(() => save("ann", "read-only", instance("TagAnnotation"), bad)).toThrow(
      /No row with the given identifier exists: \[ome.model.core.Image#12345\]/,
    );
    expect(count("TagAnnotation")).toBe(before);
    expect(count("ImageAnnotationLink")).toBe(0);
  });

  it.each<[string, string, string | undefined, () => Instance | null, RegExp]>([
    ["null", "ann", "read-only", () => null, /Argument to save cannot be null/],
    ["in all groups at once", "ann", undefined, () => named("Image", "x"), /No valid permissions available/],
    ["a class that is not stored", "ann", "read-only", () => ({ iceId: "::omero::model::Details" }), /Cannot save/],
    ["a user", "ann", "read-only", () => instance("Experimenter"), /only through privileged APIs/],
    [
      "another's object",
      "bob",
      "read-only",
      () => ({ ...named("Image", "x"), id: rlong(1) }),
      /Updating ome.model.core.Image:Id_1 not allowed/,
    ],
    [
      "what cannot be seen",
      "bob",
      "private",
      () => ({ ...named("Image", "x"), id: rlong(3) }),
      /Cannot read ome.model.core.Image:Id_3/,
    ],
    [
      "an annotation on what can only be read",
      "bob",
      "read-only",
      () => link(unloadedInstance("Image", 1n), instance("TagAnnotation")),
      /Group is rwr---. Cannot link to object: ome.model.core.Image:Id_1/,
    ],
    [
      "an image into another's dataset",
      "bob",
      "read-only",
      () => instance("DatasetImageLink", { parent: unloadedInstance("Dataset", 1n), child: named("Image", "x") }),
      /Cannot link to object: ome.model.containers.Dataset:Id_1/,
    ],
    [
      "a link between groups",
      "root",
      "read-only",
      () => link(unloadedInstance("Image", 2n), instance("TagAnnotation")),
      /Cannot read|cannot refer to Image:Id_2 in group 12/,
    ],
    ["a link to nothing", "ann", "read-only", () => instance("ImageAnnotationLink", {}), /ImageAnnotationLink.child/],
  ])("refuses to save %s", (_what, user, group, make, message) => {
    const before = [...small.world.store.all("IObject")].length;
    expect(() => save(user, group, make())).toThrow(message);
    expect([...small.world.store.all("IObject")]).toHaveLength(before);
  });

  it("lets others annotate in a read-annotate group", () => {
    save("bob", "read-annotate", link(unloadedInstance("Image", 2n), instance("TagAnnotation")));
    expect(count("ImageAnnotationLink")).toBe(1);
  });

  it("links two objects once", () => {
    const [tag] = save("ann", "read-only", instance("TagAnnotation"));
    const again = () => link(unloadedInstance("Image", 1n), unloadedInstance("TagAnnotation", tag!.id));
    save("ann", "read-only", again());
    expect(() => save("ann", "read-only", again())).toThrow(/are linked already/);
  });

  it("changes loaded objects that another one refers to, and those in its collections", () => {
    const image = { ...named("Image", "renamed"), id: rlong(1) };
    const dataset = { ...named("Dataset", "d2"), id: rlong(1) };
    const made = instance("DatasetImageLink", { parent: dataset, child: image });
    const [joined] = save("ann", "read-only", made);
    expect(stored(small.world, { className: "Image", id: 1n }).values.name).toEqual(rstring("renamed"));
    expect(stored(small.world, { className: "Dataset", id: 1n }).values.name).toEqual(rstring("d2"));
    const again = { ...joined!.values, iceId: "::omero::model::DatasetImageLink", id: rlong(joined!.id), loaded: true };
    const other = { ...named("Image", "by collection"), id: rlong(1) };
    const item = { ...again, parent: unloadedInstance("Dataset", 1n), child: other };
    save("ann", "read-only", { ...dataset, imageLinksSeq: [item], imageLinksLoaded: true });
    expect(stored(small.world, { className: "Image", id: 1n }).values.name).toEqual(rstring("by collection"));
  });

  it("leaves what is sent as it is stored unchanged, whoever sends it", () => {
    const before = stored(small.world, { className: "Image", id: 1n });
    const [after] = save("bob", "read-only", { ...named("Image", "Image 1"), id: rlong(1), series: rint(0) });
    expect(after).toBe(before);
  });

  it("refuses changes of what has been changed meanwhile, where it is referred to as well", () => {
    const stale = {
      ...named("Image", "x"),
      id: rlong(1),
      details: { updateEvent: { iceId: "::omero::model::Event", id: rlong(1234567) } },
    };
    expect(() => save("ann", "read-only", stale)).toThrow(/not authorized to change the update event/);
    expect(() => save("ann", "read-only", link(stale, instance("TagAnnotation")))).toThrow(/need to reload the object/);
  });

  it.each<[string, string, object, RegExp | undefined]>([
    [
      "another's",
      "ann",
      { owner: unloadedInstance("Experimenter", 99n) },
      /not authorized to set the Experimenter for/,
    ],
    ["another group's", "ann", { group: unloadedInstance("ExperimenterGroup", 12n) }, /set the ExperimenterGroup for/],
    [
      "of other permissions",
      "ann",
      { permissions: { perm1: permissionBits("rw----") } },
      /Manually setting permissions/,
    ],
    ["of the same permissions", "ann", { permissions: { perm1: permissionBits("rwr---") } }, undefined],
  ])("takes no details that make a new object %s", (_what, user, details, message) => {
    const make = () => save(user, "read-only", { ...named("Dataset", "d"), details });
    if (message) expect(make).toThrow(message);
    else expect(make()[0]!.group).toBe(11n);
  });

  it("lets administrators make objects of others, and give them away", () => {
    const [ann, bob] = ["ann", "bob"].map((name) => small.world.accounts.userNamed(name)!.id) as [bigint, bigint];
    const details = (id: bigint) => ({ details: { owner: unloadedInstance("Experimenter", id) } });
    const [made] = save("root", "read-only", { ...named("Dataset", "d"), ...details(ann) });
    expect(made!.owner).toBe(ann);
    const [given] = save("root", "read-only", { ...named("Dataset", "d"), id: rlong(made!.id), ...details(bob) });
    expect(given!.owner).toBe(bob);
    const again = { ...named("Dataset", "d"), id: rlong(made!.id), ...details(ann) };
    expect(() => save("bob", "read-only", again)).toThrow(/change the owner for ome.model.containers.Dataset/);
  });

  it("demands that members of lists come in them", () => {
    const shape = (roi: Instance | null) => save("ann", "read-only", instance("Point", { roi }));
    expect(() => shape(null)).toThrow(/Point._shapesBackref/);
    expect(() => shape(instance("Roi"))).toThrow(/Point._shapesBackref/);
    const [roi] = save("ann", "read-only", instance("Roi"));
    expect(() => shape(unloadedInstance("Roi", roi!.id))).toThrow(/inside getter of ome.model.roi.Roi.shapes/);
    const point = instance("Point");
    point.roi = instance("Roi", { shapesSeq: [point], shapesLoaded: true });
    expect(save("ann", "read-only", point)).toHaveLength(1);
  });

  it.each([
    ["Objective", "acquisition.Objective.correction"],
    ["ScriptJob", "jobs.ScriptJob.groupname"],
    ["Laser", "acquisition.Laser.instrument"],
    ["Channel", "core.Channel.logicalChannel"],
    ["WellSample", "screen.WellSample.image"],
    ["Event", "meta.Event.experimenter"],
  ])("refuses %s without what it needs", (className, member) => {
    expect(() => save("ann", "read-only", instance(className))).toThrow(`transient value: ome.model.${member};`);
  });
});
