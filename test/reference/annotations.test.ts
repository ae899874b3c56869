/** Objects and annotations that one gateway wrote, read by the other. */
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Annotation, FileAnnotation, NewAnnotation, TagAnnotation } from "../../src/gateway/index.js";
import { listed, ServedWorld } from "../gateway/served-world.js";
import { PythonSession } from "./python-session.js";

let world: ServedWorld;
let python: PythonSession;
beforeAll(async () => {
  world = await ServedWorld.start([]);
  python = await PythonSession.start(`
    import omero
    from omero.gateway import *
    from omero.rtypes import rstring, rlong, rdouble, rbool, rtime`);
  await python.run(
    `conn = BlitzGateway("ann", "ann-pass", host="127.0.0.1", port=port)
assert conn.connect()
result = None`,
    { port: world.server.tlsPort },
  );
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

const WRITTEN: [type: string, annotation: NewAnnotation][] = [
  ["TagAnnotation", { tag: "Zellkern ä", description: "d", namespace: "own" }],
  ["CommentAnnotation", { comment: "two\nlines 細胞" }],
  ["XmlAnnotation", { xml: "<a/>" }],
  ["TermAnnotation", { term: "GO:1" }],
  ["LongAnnotation", { rating: 4 }],
  ["LongAnnotation", { long: -(2n ** 53n) + 1n }],
  ["DoubleAnnotation", { double: 0.1 }],
  ["BooleanAnnotation", { boolean: true }],
  ["TimestampAnnotation", { timestamp: new Date(1_700_000_000_000) }],
  [
    "MapAnnotation",
    {
      keyValues: [
        ["b", "1"],
        ["a", ""],
        ["b", "ü"],
      ],
    },
  ],
];

const told = ({ type, value, namespace, description }: Annotation) => [
  type,
  value instanceof Date ? value.getTime() / 1000 : value,
  namespace ?? null,
  description ?? null,
];

const READ = `import datetime
def value(a):
    v = a.getValue()
    if isinstance(v, datetime.datetime): return v.replace(tzinfo=datetime.timezone.utc).timestamp()
    return [list(pair) for pair in v] if isinstance(v, list) else v
def told(o):
    return [[a.OMERO_TYPE.__name__[:-1], value(a), a.getNs(), a.getDescription() or None] for a in sorted(o.listAnnotations(), key=lambda a: a.getId())]
`;

it("annotations of ours are read by BlitzGateway as they are", async () => {
  const { connection } = world;
  const project = await connection.createObject("Project", { name: "ü / 1", description: "made here" });
  const dataset = await connection.createObject("Dataset", { name: "in it", parent: project });
  for (const [, annotation] of WRITTEN) await dataset.annotate(annotation);
  const ours = await listed(dataset.listAnnotations());
  expect(ours.map(({ type }) => type)).toEqual(WRITTEN.map(([type]) => type));
  const theirs = await python.run(
    `${READ}p = conn.getObject("Project", project)
d = list(p.listChildren())[0]
result = [p.getName(), p.getDescription(), p.getOwnerOmeName(), d.getName(), told(d)]`,
    { project: project.id },
  );
  expect(theirs).toEqual(["ü / 1", "made here", "ann", "in it", ours.map(told)]);
});

it("annotations of BlitzGateway are read here as they are", async () => {
  const { connection } = world;
  const dataset = await connection.createObject("Dataset", { name: "annotated" });
  const theirs = await python.run(
    `${READ}d = conn.getObject("Dataset", dataset)
def link(a, value, ns=None, description=None):
    a.setValue(value)
    if ns: a.setNs(ns)
    if description: a.setDescription(description)
    a.save()
    d.linkAnnotation(a)
link(TagAnnotationWrapper(conn), "Zellkern ä", "own", "d")
link(CommentAnnotationWrapper(conn), "two\\nlines 細胞")
link(LongAnnotationWrapper(conn), 4, omero.constants.metadata.NSINSIGHTRATING)
link(DoubleAnnotationWrapper(conn), 0.1)
link(BooleanAnnotationWrapper(conn), True)
link(MapAnnotationWrapper(conn), [["b", "1"], ["a", ""], ["b", "ü"]], omero.constants.metadata.NSCLIENTMAPANNOTATION)
link(TermAnnotationWrapper(conn), "GO:1")
link(XmlAnnotationWrapper(conn), "<a>ä</a>")
link(TimestampAnnotationWrapper(conn), datetime.datetime(2023, 11, 14, 22, 13, 20))
link(TagAnnotationWrapper(conn), "colours", omero.constants.metadata.NSINSIGHTTAGSET)
result = told(conn.getObject("Dataset", dataset))`,
    { dataset: dataset.id },
  );
  expect((theirs as unknown[]).length).toBe(10);
  expect((await listed(dataset.listAnnotations())).map(told)).toEqual(theirs);
  expect(await dataset.keyValues()).toEqual([
    ["b", "1"],
    ["a", ""],
    ["b", "ü"],
  ]);
});

it("files attached by BlitzGateway are read here, in sets of tags as well", async () => {
  const { connection } = world;
  const dataset = await connection.createObject("Dataset", { name: "files" });
  const path = join(tmpdir(), `omero2frame-attached-${process.pid}.txt`);
  await writeFile(path, "ü\n".repeat(1000));
  try {
    await python.run(
      `d = conn.getObject("Dataset", dataset)
d.linkAnnotation(conn.createFileAnnfromLocalFile(path, mimetype="text/plain", ns="own", desc="theirs"))
tag, tagSet = TagAnnotationWrapper(conn), TagAnnotationWrapper(conn)
tag.setValue("in the set"); tag.save()
tagSet.setValue("the set"); tagSet.setNs(omero.constants.metadata.NSINSIGHTTAGSET); tagSet.save()
link = omero.model.AnnotationAnnotationLinkI()
link.parent, link.child = omero.model.TagAnnotationI(tagSet.getId(), False), omero.model.TagAnnotationI(tag.getId(), False)
conn.getUpdateService().saveObject(link)
d.linkAnnotation(tagSet)`,
      { dataset: dataset.id, path },
    );
  } finally {
    await rm(path);
  }
  const [file, set] = await listed(dataset.listAnnotations());
  expect(file).toMatchObject({ namespace: "own", description: "theirs" });
  const { name, size, mimetype } = (file as FileAnnotation).file;
  expect([size, mimetype, await (file as FileAnnotation).file.text()]).toEqual([
    3000,
    "text/plain",
    "ü\n".repeat(1000),
  ]);
  expect(path.endsWith(name)).toBe(true);
  expect((await listed((set as TagAnnotation).listTags())).map(({ value }) => value)).toEqual(["in the set"]);
});

it("what one has removed, moved or renamed is so for the other", async () => {
  const { connection } = world;
  const [one, two] = [
    await connection.createObject("Dataset", { name: "one" }),
    await connection.createObject("Dataset", { name: "two" }),
  ];
  await one.update({ name: "renamed" });
  await connection.moveToGroup("Dataset", [two.id], "other");
  const theirs = await python.run(
    `conn.SERVICE_OPTS.setOmeroGroup("-1")
result = [[conn.getObject("Dataset", i).getName(), conn.getObject("Dataset", i).getDetails().getGroup().getName()] for i in ids]
conn.deleteObjects("Dataset", ids[:1], wait=True)
conn.SERVICE_OPTS.setOmeroGroup(None)`,
    { ids: [one.id, two.id] },
  );
  expect(theirs).toEqual([
    ["renamed", "lab"],
    ["two", "other"],
  ]);
  expect(await connection.findObject("Dataset", one.id)).toBeUndefined();
});
