import { describe, expect, it } from "vitest";
import { loadSchema } from "../../../src/connect/ice/schema/schema.js";
import { javaName } from "../../../src/server/model/java-names.js";
import { Model } from "../../../src/server/model/model.js";

const model = new Model(loadSchema());

describe("Model", () => {
  it("knows a class under every name clients give it", () => {
    for (const name of ["Image", "ImageI", "omero.model.ImageI", "ome.model.core.Image", "::omero::model::Image"]) {
      expect(model.resolve(name)).toBe("Image");
    }
    expect(model.resolve("Roi")).toBe("Roi");
    expect(model.resolve("RoiI")).toBe("Roi");
    for (const name of ["", "I", "Nothing", "Details", "Permissions", "constructor", "__proto__"]) {
      expect(model.resolve(name)).toBeUndefined();
    }
  });

  it("knows what derives from what", () => {
    expect(model.isA("FileAnnotation", "Annotation")).toBe(true);
    expect(model.isA("Annotation", "FileAnnotation")).toBe(false);
    expect(model.rootOf("FileAnnotation")).toBe("Annotation");
    expect(model.rootOf("Image")).toBe("Image");
    expect(model.descendants("Annotation")).toContain("MapAnnotation");
  });

  it("tells values, references and collections apart", () => {
    expect(model.member("FileAnnotation", "file")).toEqual({
      kind: "reference",
      name: "file",
      className: "OriginalFile",
    });
    expect(model.member("OriginalFile", "size")?.kind).toBe("value");
    expect(model.member("MapAnnotation", "mapValue")?.kind).toBe("value");
    expect(model.member("Image", "annotationLinksLoaded")).toBeUndefined();
  });

  it.each([
    ["Image", "annotationLinks", "ImageAnnotationLink", "parent"],
    ["Image", "datasetLinks", "DatasetImageLink", "child"],
    ["Dataset", "imageLinks", "DatasetImageLink", "parent"],
    ["Annotation", "annotationLinks", "AnnotationAnnotationLink", "parent"],
    ["Plate", "wells", "Well", "plate"],
    ["Well", "wellSamples", "WellSample", "well"],
    ["Image", "wellSamples", "WellSample", "image"],
    ["Roi", "shapes", "Shape", "roi"],
    ["Experimenter", "groupExperimenterMap", "GroupExperimenterMap", "child"],
    ["ExperimenterGroup", "groupExperimenterMap", "GroupExperimenterMap", "parent"],
  ])("%s.%s holds %s by its %s", (owner, name, className, inverse) => {
    expect(model.member(owner, name)).toEqual({ kind: "collection", name, className, inverse });
  });

  it("knows links and enumerations", () => {
    expect(model.isLink("ImageAnnotationLink")).toBe(true);
    expect(model.isLink("Well")).toBe(false);
    expect(model.enumerationNames()).toEqual(expect.arrayContaining(["AdminPrivilege", "ChecksumAlgorithm", "Format"]));
    for (const name of ["LongAnnotation", "CommentAnnotation", "Image"]) expect(model.isEnumeration(name)).toBe(false);
  });

  it("names classes as the Java server does", () => {
    expect(javaName(model, "FileAnnotation")).toBe("ome.model.annotations.FileAnnotation");
    expect(javaName(model, "ImageAnnotationLink")).toBe("ome.model.annotations.ImageAnnotationLink");
    expect(javaName(model, "OriginalFile")).toBe("ome.model.core.OriginalFile");
    expect(javaName(model, "Dataset")).toBe("ome.model.containers.Dataset");
    expect(javaName(model, "Rectangle")).toBe("ome.model.roi.Rectangle");
  });
});
