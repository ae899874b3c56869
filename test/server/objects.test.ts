import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  Event,
  FileAnnotation,
  IContainer,
  IMetadata,
  Image,
  ImageAnnotationLink,
  IRoi,
  OriginalFile,
  Parameters,
  TagAnnotation,
} from "../../src/connect/ice/schema/omero.js";
import { rlist, rlong, rstring } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { contentOf, TestClient, unloaded } from "./client.js";

let server: OmeroServer;
let client: TestClient;
beforeAll(async () => {
  server = await startServer({ tables: "memory" });
  client = await TestClient.logIn(server);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server.close();
});

const parameters = (map: Record<string, unknown>, filter: object | null = null) =>
  ({
    iceId: "::omero::sys::Parameters",
    map: new Map(Object.entries(map)),
    theFilter: filter,
  }) as unknown as Parameters;
const everywhere = { context: { "omero.group": "-1" } };

describe("IQuery", () => {
  it("finds, and says what it does not find", async () => {
    const query = await client.query();
    const image = (await query.find("Image", 1)) as Image;
    expect([image.iceId, contentOf(image.id), contentOf(image.name), image.loaded]).toEqual([
      "::omero::model::Image",
      1n,
      "Image 1",
      true,
    ]);
    expect(contentOf(image.details!.owner!.id)).toBe(2n);
    expect(contentOf(image.details!.group!.id)).toBe(5n);
    const { creationEvent } = image.details!;
    expect(creationEvent!.loaded).toBe(false);
    const event = (await query.get("Event", creationEvent!.id!.val)) as Event;
    expect(contentOf(event.time)).toBeTypeOf("bigint");
    expect(await query.find("omero.model.ImageI", 12345)).toBeNull();
    await expect(query.get("Image", 12345)).rejects.toMatchObject({ code: "VALIDATION" });
    await expect(query.find("Nonsense", 1)).rejects.toMatchObject({ code: "API_USAGE" });
    await expect(query.find("Image", 99, everywhere)).rejects.toMatchObject({ code: "SECURITY_VIOLATION" });
  });

  it("answers queries with parameters, fetched objects and pages", async () => {
    const query = await client.query();
    const base =
      "select obj from Image obj join fetch obj.details.owner as owner where obj.id in (:ids) order by obj.id desc";
    const ids = { ids: rlist([1, 2, 3].map(rlong)) };
    const images = (await query.findAllByQuery(base, parameters(ids))) as Image[];
    expect(images.map((image) => contentOf(image.id))).toEqual([3n, 2n, 1n]);
    expect(contentOf(images[0]!.details!.owner!.omeName)).toBe("user");
    expect(images[0]!.details!.owner).toBe(images[1]!.details!.owner);
    const filter = {
      iceId: "::omero::sys::Filter",
      offset: { iceId: "::omero::RInt", val: 1 },
      limit: { iceId: "::omero::RInt", val: 1 },
    };
    const page = await query.findAllByQuery(base, parameters(ids, filter));
    expect(page.map((image) => contentOf(image!.id))).toEqual([2n]);
    await expect(query.findByQuery(base, parameters(ids))).rejects.toMatchObject({ code: "API_USAGE" });
    expect(await query.findByQuery("from Image i where i.id = 12345", null)).toBeNull();
  });

  it("projects values of every kind", async () => {
    const query = await client.query();
    const rows = await query.projection(
      "select i.id, i.name, i.description, i, i.details.owner.omeName, count(*), 1.5 from Image i where i.id = 7 group by i",
      null,
    );
    expect(rows[0]!.map((value) => value?.iceId)).toEqual([
      "::omero::RLong",
      "::omero::RString",
      undefined,
      "::omero::RObject",
      "::omero::RString",
      "::omero::RLong",
      "::omero::RDouble",
    ]);
    expect(rows[0]!.slice(0, 2).map(contentOf)).toEqual([7n, "Image 7"]);
    const [[map]] = (await query.projection(
      "select new map(i.id as id, i.name as name) from Image i where i.id = 7",
      null,
    )) as unknown as [[{ val: Map<string, unknown> }]];
    expect([...map.val].map(([name, value]) => [name, contentOf(value)])).toEqual([
      ["id", 7n],
      ["name", "Image 7"],
    ]);
  });

  it("says what is wrong with a query", async () => {
    const query = await client.query();
    for (const text of ["", "select", "from Nothing n", "select i from Image i where i.x = 1"]) {
      const error = await query.findAllByQuery(text, null).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ serverException: "::omero::QueryException" });
    }
    await expect(query.findAllByQuery("select i from Image i where i.id = :x", null)).rejects.toMatchObject({
      serverException: "::omero::ApiUsageException",
    });
    await expect(query.findAllByQuery("select i.id from Image i", null)).rejects.toMatchObject({
      serverException: "::omero::QueryException",
    });
  });

  it("looks up by property and by example", async () => {
    const query = await client.query();
    expect(contentOf((await query.findByString("Image", "name", "Image 5"))!.id)).toBe(5n);
    expect(await query.findAllByString("Image", "name", "IMAGE 5", false, null)).toHaveLength(1);
    expect(await query.findAllByString("Image", "name", "IMAGE 5", true, null)).toHaveLength(0);
    const example = { iceId: "::omero::model::Image", name: rstring("Image 6") } as Image;
    expect(contentOf((await query.findByExample(example))!.id)).toBe(6n);
    await expect(query.findByString("Image", "name = '' or 1", "x")).rejects.toMatchObject({ code: "API_USAGE" });
  });
});

describe("IUpdate and Delete2", () => {
  it("annotates, finds the annotation and deletes it", async () => {
    const update = await client.update();
    const query = await client.query();
    const file = (await update.saveAndReturnObject({
      iceId: "::omero::model::OriginalFile",
      name: rstring("f"),
      path: rstring("/"),
    } as OriginalFile))!;
    const annotation = (await update.saveAndReturnObject({
      iceId: "::omero::model::FileAnnotation",
      ns: rstring("my/ns"),
      file: unloaded("OriginalFile", file.id!.val),
    } as FileAnnotation))!;
    await update.saveArray([
      {
        iceId: "::omero::model::ImageAnnotationLink",
        parent: unloaded("Image", 1n),
        child: unloaded("FileAnnotation", annotation.id!.val),
      } as ImageAnnotationLink,
    ]);
    const found = await query.findByQuery(
      "SELECT fa.file from FileAnnotation fa where fa.id = :id",
      parameters({ id: annotation.id }),
    );
    expect(contentOf(found!.id)).toBe(file.id!.val);
    const links = (await query.findAllByQuery(
      "select l from ImageAnnotationLink as l join fetch l.child as a left outer join fetch a.file where l.parent.id=1",
      null,
    )) as ImageAnnotationLink[];
    expect(contentOf((links[0]!.child as FileAnnotation).file!.name)).toBe("f");
    expect(links[0]!.parent!.loaded).toBe(false);
    const request = {
      iceId: "::omero::cmd::Delete2",
      targetObjects: new Map([["FileAnnotation", BigInt64Array.of(annotation.id!.val)]]),
    };
    const dry = await client.submit({ ...request, dryRun: true });
    expect(await query.find("FileAnnotation", annotation.id!.val)).not.toBeNull();
    const response = (await client.submit(request)) as unknown as { deletedObjects: Map<string, BigInt64Array> };
    expect(dry).toEqual(response);
    expect(response.deletedObjects.get("ome.model.core.OriginalFile")).toEqual(BigInt64Array.of(file.id!.val));
    const { files, annotations, links: left } = await server.contents();
    expect([files, annotations, left]).toEqual([[], [], []]);
  });

  it("says what is not there, and what may not be deleted", async () => {
    const request = (type: string, id: bigint) => ({
      iceId: "::omero::cmd::Delete2",
      targetObjects: new Map([[type, BigInt64Array.of(id)]]),
    });
    expect((await client.submit(request("Image", 12345n))).iceId).toBe("::omero::cmd::GraphException");
    expect((await client.submit(request("OriginalFile", 1n))).iceId).toBe("::omero::cmd::GraphException");
    expect((await client.submit(request("Nonsense", 1n))).iceId).toBe("::omero::cmd::ERR");
    expect((await client.submit(request("Image", 99n))).iceId).toBe("::omero::cmd::ERR");
    expect((await client.submit({ iceId: "::omero::cmd::GraphQuery", targetObjects: new Map() })).iceId).toBe(
      "::omero::cmd::Unknown",
    );
  });

  it("deletes a single object with its links, and none that something else needs", async () => {
    const update = await client.update();
    const tag = (await update.saveAndReturnObject({ iceId: "::omero::model::TagAnnotation" } as never))!;
    const link = (await update.saveAndReturnObject({
      iceId: "::omero::model::ImageAnnotationLink",
      parent: unloaded("Image", 1n),
      child: unloaded("TagAnnotation", tag.id!.val),
    } as ImageAnnotationLink))!;
    await expect(update.deleteObject(unloaded("Plate", 1n))).rejects.toMatchObject({ code: "VALIDATION" });
    await expect(update.deleteObject(tag)).rejects.toMatchObject({ code: "VALIDATION" });
    await update.deleteObject(link);
    await update.deleteObject(tag);
    const { annotations, links } = await server.contents();
    expect(annotations).toEqual([]);
    expect(links.filter(({ id, type }) => type === "ImageAnnotationLink" && id === Number(link.id!.val))).toEqual([]);
  });
});

describe("IContainer, ITypes, IMetadata and IRoi", () => {
  it("answer what gateways ask", async () => {
    const container = client.ice.service<IContainer>(
      (await client.factory.getContainerService())!,
      "::omero::api::IContainer",
    );
    const [dataset] = await container.loadContainerHierarchy("Dataset", BigInt64Array.of(1n), null);
    expect(contentOf((dataset as Image).name)).toBe("Dataset 1");
    expect(await container.getImages("Image", BigInt64Array.of(1n, 12345n), null)).toHaveLength(1);
    const types = await client.types();
    expect((await types.getEnumeration("ChecksumAlgorithm", "SHA1-160"))!.iceId).toBe(
      "::omero::model::ChecksumAlgorithm",
    );
    await expect(types.allEnumerations("Image")).rejects.toMatchObject({ code: "API_USAGE" });
    const roi = client.ice.service<IRoi>((await client.factory.getRoiService())!, "::omero::api::IRoi");
    expect((await roi.findByImage(2, null))!.rois.map((found) => contentOf(found!.id))).toEqual([2n]);
    expect((await roi.findByImage(12345, null))!.rois).toEqual([]);
  });

  it("find annotations by namespace and by object", async () => {
    const update = await client.update();
    const metadata = client.ice.service<IMetadata>(
      (await client.factory.getMetadataService())!,
      "::omero::api::IMetadata",
    );
    const tags = await update.saveAndReturnArray(
      ["a", "b", null].map(
        (ns) => ({ iceId: "::omero::model::TagAnnotation", ns: ns && rstring(ns) }) as TagAnnotation,
      ),
    );
    const [first] = tags as TagAnnotation[];
    const link = { parent: unloaded("Image", 3n), child: unloaded("TagAnnotation", first!.id!.val) };
    const newLink = { iceId: "::omero::model::ImageAnnotationLink", ...link, loaded: true } as ImageAnnotationLink;
    expect(await update.saveAndReturnObject(newLink)).toMatchObject({ loaded: true, child: { id: first!.id } });
    const found = async (include: string[], exclude: string[]) =>
      (await metadata.loadSpecifiedAnnotations("TagAnnotation", include, exclude, null)).map((tag) =>
        contentOf(tag!.ns),
      );
    expect(await found([], [])).toEqual(["a", "b", null]);
    expect(await found(["a", "z"], [])).toEqual(["a"]);
    expect(await found([], ["a"])).toEqual(["b", null]);
    expect(await metadata.loadAnnotations("Image", BigInt64Array.of(3n, 4n), [], [], null)).toMatchObject(
      new Map([
        [3n, [{ iceId: "::omero::model::TagAnnotation", ns: rstring("a"), details: { owner: { loaded: true } } }]],
        [4n, []],
      ]),
    );
    expect(await metadata.loadSpecifiedAnnotations("Image", [], [], null)).toEqual([]);
    const nothing = metadata.loadSpecifiedAnnotations("Nothing", [], [], null);
    await expect(nothing).rejects.toMatchObject({ code: "API_USAGE" });
    const ids = BigInt64Array.from(tags, (tag) => tag!.id!.val);
    await client.submit({ iceId: "::omero::cmd::Delete2", targetObjects: new Map([["Annotation", ids]]) });
  });
});
