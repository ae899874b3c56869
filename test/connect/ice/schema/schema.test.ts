import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  acceptsMode,
  findOperation,
  getOperation,
  type IceType,
  isDerivedFrom,
  loadSchema,
  serviceIds,
} from "../../../../src/connect/ice/schema/schema.js";

const schema = loadSchema();

describe("the schema", () => {
  it("holds all of OMERO's interfaces", () => {
    expect(schema.source).toMatch(/^omero-py 5\.\d+\.\d+, Ice 3\.6\.\d+$/);
    expect(schema.classIds.length).toBeGreaterThan(290);
    expect(schema.serviceIds.length).toBeGreaterThan(55);
    expect(schema.exceptionIds.length).toBeGreaterThan(30);
    expect(schema.dataTypeIds.length).toBeGreaterThan(270);
  });

  it("can be linked as a whole", () => {
    const kinds = new Set<IceType["kind"]>();
    for (const id of schema.dataTypeIds) kinds.add(schema.type(id).kind);
    for (const id of schema.classIds) expect(schema.findClass(id)!.id).toBe(id);
    for (const id of schema.exceptionIds) expect(schema.findException(id)!.id).toBe(id);
    for (const id of schema.serviceIds) expect(schema.findService(id)!.id).toBe(id);
    expect([...kinds].sort()).toEqual(["dictionary", "enumeration", "sequence", "struct"]);
  });

  it("states members in wire order", () => {
    const file = schema.findClass("::omero::model::OriginalFile")!;
    expect(file.members).toHaveLength(19);
    expect(file.members[0]!.name).toBe("version");
    expect(file.members[18]!.name).toBe("name");
    expect(file.base!.members.map(({ name }) => name)).toEqual(["id", "details", "loaded"]);
  });

  it("has one description of each type, however it is reached", () => {
    const image = schema.findClass("::omero::model::Image")!;
    const links = image.members.find(({ name }) => name === "annotationLinksSeq")!.type;
    expect(links).toBe(schema.type("::omero::model::ImageAnnotationLinksSeq"));
  });

  it("does not take names of JavaScript for names of Slice", () => {
    for (const id of ["constructor", "__proto__", "toString", ""]) {
      expect(schema.findClass(id)).toBeUndefined();
      expect(schema.findException(id)).toBeUndefined();
      expect(schema.findService(id)).toBeUndefined();
      expect(() => schema.type(id)).toThrow("no type");
    }
    expect(findOperation("omero::grid::Table", "constructor")).toBeUndefined();
  });

  it("tells derived classes", () => {
    const [tag, annotation, image] = ["TagAnnotation", "Annotation", "Image"].map(
      (name) => schema.findClass(`::omero::model::${name}`)!,
    );
    expect(isDerivedFrom(tag!, annotation!)).toBe(true);
    expect(isDerivedFrom(annotation!, tag!)).toBe(false);
    expect(isDerivedFrom(image!, annotation!)).toBe(false);
    expect(isDerivedFrom(image!, schema.findClass("::Ice::Object")!)).toBe(true);
  });
});

describe("getOperation", () => {
  it("gives mode, parameters, results and exceptions", () => {
    const read = getOperation("omero::grid::Table", "read");
    expect(read.mode).toBe(2);
    expect(read.parameters.map(({ name, type }) => [name, type.id])).toEqual([
      ["colNumbers", "::omero::api::LongArray"],
      ["start", "long"],
      ["stop", "long"],
    ]);
    expect(read.results.map(({ id }) => id)).toEqual(["::omero::grid::Data"]);
    expect(read.throws.map(({ id }) => id)).toEqual(["::omero::ServerError"]);
    expect([read.sendsClasses, read.returnsClasses]).toEqual([false, true]);
  });

  /** Modes as omero-py's server checks them. */
  it.each([
    [
      "idempotent",
      2,
      "getOriginalFile getHeaders getNumberOfRows getWhereList readCoordinates read slice getAllMetadata getMetadata setAllMetadata setMetadata",
    ],
    ["normal", 0, "addData update initialize addColumn delete close"],
  ])("knows the %s operations of tables", (_name, mode, names) => {
    for (const name of names.split(" ")) expect(getOperation("::omero::grid::Table", name).mode, name).toBe(mode);
  });

  it("finds inherited operations", () => {
    expect(getOperation("omero::api::ServiceFactory", "destroy").service).toBe("::Glacier2::Session");
    expect(getOperation("omero::api::RawFileStore", "close").service).toBe("::omero::api::StatefulServiceInterface");
    expect(getOperation("omero::api::IQuery", "ice_isA").service).toBe("::Ice::Object");
    expect(getOperation("Glacier2::Router", "addProxies").service).toBe("::Ice::Router");
  });

  it("names what it does not find", () => {
    expect(() => getOperation("omero::api::IQuery", "guess")).toThrow('::omero::api::IQuery has no operation "guess"');
    expect(() => getOperation("omero::api::Nothing", "get")).toThrow("no service ::omero::api::Nothing");
  });
});

describe("acceptsMode", () => {
  it("takes Nonmutating for Idempotent, and nothing else for another", () => {
    const [idempotent, normal, nonmutating] = [
      getOperation("omero::grid::Table", "read"),
      getOperation("omero::grid::Table", "addData"),
      getOperation("Glacier2::Router", "getCategoryForClient"),
    ];
    const accepted = (operation: typeof idempotent) => [0, 1, 2].filter((mode) => acceptsMode(operation, mode));
    expect(accepted(idempotent)).toEqual([1, 2]);
    expect(accepted(nonmutating)).toEqual([1, 2]);
    expect(accepted(normal)).toEqual([0]);
  });
});

describe("serviceIds", () => {
  it("lists the service, its bases and Ice::Object", () => {
    expect(serviceIds("omero::api::ServiceFactory")).toEqual([
      "::Glacier2::Session",
      "::Ice::Object",
      "::omero::api::ServiceFactory",
      "::omero::cmd::Session",
    ]);
  });
});

describe("generated types", () => {
  it("are those of the schema", () => {
    const tool = fileURLToPath(new URL("../../../../tools/generate-types.mjs", import.meta.url));
    expect(execFileSync(process.execPath, [tool, "--check"], { encoding: "utf8" })).toBe("");
  });
});
