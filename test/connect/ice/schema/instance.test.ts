import { describe, expect, it } from "vitest";
import { decodeParams } from "../../../../src/connect/ice/codec/codec.js";
import { createInstance, isInstanceOf } from "../../../../src/connect/ice/schema/instance.js";
import { getOperation, loadSchema, type Operation } from "../../../../src/connect/ice/schema/schema.js";
import { rstring } from "../../../../src/rtypes.js";
import { encodedParams } from "../encoded-params.js";
import { opaqueProxies } from "../opaque-proxies.js";

describe("createInstance", () => {
  it("fills in what is not given", () => {
    const file = createInstance("::omero::model::OriginalFile", { name: rstring("table.h5") });
    expect(file).toMatchObject({
      iceId: "::omero::model::OriginalFile",
      name: { val: "table.h5" },
      id: null,
      loaded: false,
      pixelsFileMapsSeq: [],
    });
  });

  it("makes of every class what comes back from the wire", () => {
    const schema = loadSchema();
    const save = getOperation("omero::api::IUpdate", "saveAndReturnObject");
    for (const id of schema.classIds) {
      const operation: Operation = { ...save, parameters: [{ name: "obj", type: schema.findClass(id)! }] };
      const instance = createInstance(id as "::omero::model::Image");
      const bytes = encodedParams(operation, [instance], opaqueProxies);
      expect(decodeParams(operation, bytes, opaqueProxies)).toEqual([instance]);
    }
  });

  it("refuses a class that is not there", () => {
    expect(() => createInstance("::omero::model::Nothing" as "::omero::model::Image")).toThrow("no class");
  });
});

describe("isInstanceOf", () => {
  it("knows derived classes", () => {
    const tag = createInstance("::omero::model::TagAnnotation");
    expect(isInstanceOf(tag, "::omero::model::TagAnnotation")).toBe(true);
    expect(isInstanceOf(tag, "::omero::model::Annotation")).toBe(true);
    expect(isInstanceOf(tag, "::omero::model::FileAnnotation")).toBe(false);
    expect(isInstanceOf(null, "::omero::model::Annotation")).toBe(false);
    expect(isInstanceOf({ iceId: "nothing" }, "::omero::model::Annotation")).toBe(false);
  });
});
