import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rstring } from "../../../../src/rtypes.js";
import type { ObjectOptions } from "../../../../src/server/options.js";
import { type ChildOption, deleteGraph } from "../../../../src/server/world/graph/delete-graph.js";
import { type SmallWorld, smallWorld, stored } from "../small-world.js";

const group = "read-annotate";
const owned = (type: string, id: number, more: Partial<ObjectOptions> = {}): ObjectOptions => ({
  type,
  id,
  group,
  owner: "ann",
  ...more,
});
const linked = (type: string, id: number, parent: [string, number], child: [string, number], owner = "ann") =>
  owned(type, id, {
    owner,
    references: { parent: { type: parent[0], id: parent[1] }, child: { type: child[0], id: child[1] } },
  });

/** Image 1 has a table (file 1, annotation 1), a tag (2) it shares with Image 2, and Bob's comment (3). */
const OBJECTS: ObjectOptions[] = [
  owned("Image", 1),
  owned("Image", 2),
  owned("Dataset", 1),
  linked("DatasetImageLink", 1, ["Dataset", 1], ["Image", 1]),
  owned("OriginalFile", 5),
  owned("FileAnnotation", 1, { references: { file: { type: "OriginalFile", id: 5 } } }),
  linked("ImageAnnotationLink", 1, ["Image", 1], ["FileAnnotation", 1]),
  owned("TagAnnotation", 2, { values: { ns: rstring("shared") } }),
  linked("ImageAnnotationLink", 2, ["Image", 1], ["TagAnnotation", 2]),
  linked("ImageAnnotationLink", 3, ["Image", 2], ["TagAnnotation", 2]),
  owned("CommentAnnotation", 3, { owner: "bob" }),
  linked("ImageAnnotationLink", 4, ["Image", 1], ["CommentAnnotation", 3], "bob"),
  owned("Roi", 1, { references: { image: { type: "Image", id: 1 } } }),
  owned("Rectangle", 1, { references: { roi: { type: "Roi", id: 1 } } }),
];

let small: SmallWorld;
beforeEach(async () => {
  small = await smallWorld(OBJECTS);
});
afterEach(() => small[Symbol.asyncDispose]());

function deleted(className: string, id: number, options: Partial<ChildOption>[] = [], user = "lea"): string[] {
  const complete = options.map((option) => ({
    includeType: [],
    excludeType: [],
    includeNs: [],
    excludeNs: [],
    ...option,
  }));
  const target = stored(small.world, { className, id: BigInt(id) });
  return deleteGraph(small.world, small.access(user), [target], complete)
    .map((object) => `${object.className}:${object.id}`)
    .sort();
}

describe("deleteGraph", () => {
  it("takes the file and the links of an annotation along", () => {
    expect(deleted("FileAnnotation", 1)).toEqual(["FileAnnotation:1", "ImageAnnotationLink:1", "OriginalFile:5"]);
  });

  it("takes the annotations of a file along", () => {
    expect(deleted("OriginalFile", 5)).toEqual(["FileAnnotation:1", "ImageAnnotationLink:1", "OriginalFile:5"]);
  });

  it("takes links, parts and orphans of an image along, and leaves what others use", () => {
    expect(deleted("Image", 1)).toEqual([
      "CommentAnnotation:3",
      "DatasetImageLink:1",
      "FileAnnotation:1",
      "Image:1",
      "ImageAnnotationLink:1",
      "ImageAnnotationLink:2",
      "ImageAnnotationLink:4",
      "OriginalFile:5",
      "Rectangle:1",
      "Roi:1",
    ]);
  });

  it("leaves kinds that are excluded, by class or namespace", () => {
    const excluded = deleted("Image", 1, [{ excludeType: ["FileAnnotation", "TagAnnotation"] }]);
    expect(excluded).not.toContain("FileAnnotation:1");
    expect(excluded).not.toContain("OriginalFile:5");
    expect(excluded).toContain("CommentAnnotation:3");
    expect(deleted("Dataset", 1, [{ excludeType: ["Image"] }])).toEqual(["Dataset:1", "DatasetImageLink:1"]);
    expect(deleted("Image", 2, [{ excludeType: ["Annotation"], excludeNs: ["other"] }])).toEqual([
      "Image:2",
      "ImageAnnotationLink:3",
    ]);
  });

  it("takes images of a dataset along that are in no other", () => {
    expect(deleted("Dataset", 1)).toContain("Image:1");
  });

  it("leaves a file that another annotation uses", () => {
    const second = { ...stored(small.world, { className: "FileAnnotation", id: 1n }), id: 40n };
    small.world.store.put(second);
    expect(deleted("FileAnnotation", 1)).toEqual(["FileAnnotation:1", "ImageAnnotationLink:1"]);
  });

  it("is refused where the user may not delete all of it", () => {
    expect(() => deleted("Image", 1, [], "bob")).toThrow(/not permitted to delete/);
    expect(() => deleted("FileAnnotation", 1, [], "bob")).toThrow(/not permitted to delete/);
    expect(deleted("CommentAnnotation", 3, [], "bob")).toEqual(["CommentAnnotation:3", "ImageAnnotationLink:4"]);
  });
});
