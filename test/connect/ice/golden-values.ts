/** What the messages of fixtures/golden.json hold. */
import type { ColumnData } from "../../../src/columns/batch.js";
import type { ColumnInstance } from "../../../src/connect/ice/codec/columns/columns.js";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import type { Details, IObject, OmeroClasses } from "../../../src/connect/ice/schema/omero.js";
import { type RType, rbool, rdouble, rfloat, rint, rlist, rlong, rstring, rtime } from "../../../src/rtypes.js";
import { blobs } from "./random-values.js";

function utf8(...rows: string[]): { offsets: Int32Array; bytes: Uint8Array } {
  return blobs(rows.map((row) => Buffer.from(row)));
}

function column(type: string, name: string, data: ColumnData, more: object = {}): ColumnInstance {
  return { iceId: `::omero::grid::${type}Column`, name, description: "", data, ...more };
}

const ids: ColumnData = { kind: "long", values: BigInt64Array.of(1n, -2n, 1n << 62n) };
const columns: ColumnInstance[] = [
  column("File", "file", ids, { description: "a file" }),
  column("Image", "image", ids),
  column("Dataset", "dataset", ids),
  column("Roi", "roi", ids),
  column("Well", "well", ids),
  column("Plate", "plate", ids),
  column("Bool", "bool", { kind: "bool", values: Uint8Array.of(1, 0, 1) }),
  column("Double", "double", { kind: "double", values: Float64Array.of(0.1, Number.NaN, Number.NEGATIVE_INFINITY) }),
  column(
    "Long",
    "long",
    { kind: "long", values: BigInt64Array.of(-(1n << 63n), 0n, (1n << 63n) - 1n) },
    { description: '{"unit": "µm"}' },
  ),
  column("String", "string", { kind: "string", ...utf8("", "hé中😀", "x".repeat(300)) }, { size: 300 }),
  column(
    "FloatArray",
    "floats",
    { kind: "array", size: 2, values: Float32Array.of(1.5, -2.5, 0, 4, 5, 6) },
    { size: 2 },
  ),
  column("DoubleArray", "doubles", { kind: "array", size: 1, values: Float64Array.of(0.1, 0.2, 0.3) }, { size: 1 }),
  column(
    "LongArray",
    "longs",
    { kind: "array", size: 3, values: BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 1n << 60n) },
    { size: 3 },
  ),
  column("Mask", "mask", {
    kind: "mask",
    imageId: BigInt64Array.of(1n, 2n, 3n),
    theZ: Int32Array.of(0, 1, 2),
    theT: Int32Array.of(3, 4, 5),
    x: Float64Array.of(0.5, 1.5, 2.5),
    y: Float64Array.of(1, 2, 3),
    w: Float64Array.of(4, 5, 6),
    h: Float64Array.of(7, 8, 9),
    ...blobs([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(255, 255, 255)]),
  }),
];

const rtypes: Record<string, { iceId: string; val: unknown }> = {
  rbool: rbool(true),
  rint: rint(-7),
  rlong: rlong(1n << 40n),
  rfloat: rfloat(1.5),
  rdouble: rdouble(0.1),
  rstring: rstring("été"),
  rtime: rtime(1700000000000),
  rlist: rlist([rlong(1), rstring("two")]),
  rmap: { iceId: "::omero::RMap", val: new Map([["key", rint(1)]]) },
};

function unloaded<Id extends keyof OmeroClasses>(id: Id, number: number): OmeroClasses[Id] {
  return createInstance(id, { id: rlong(number) } as unknown as Partial<OmeroClasses[Id]>);
}

/** omero-py marks the collections of a new object as loaded. */
function withLoadedCollections<T extends object>(instance: T): T {
  for (const name of Object.keys(instance)) if (/.Loaded$/.test(name)) Object.assign(instance, { [name]: true });
  return instance;
}

function loaded<Id extends keyof OmeroClasses>(id: Id, members: Partial<OmeroClasses[Id]>): OmeroClasses[Id] {
  const details = createInstance("::omero::model::Details", (members as { details?: Details }).details ?? {});
  return withLoadedCollections(createInstance(id, { loaded: true, ...members, details } as Partial<OmeroClasses[Id]>));
}

function originalFile(): IObject {
  return loaded("::omero::model::OriginalFile", {
    id: rlong(42),
    name: rstring("table.h5"),
    size: rlong(1n << 33n),
    hasher: unloaded("::omero::model::ChecksumAlgorithm", 3),
    details: createInstance("::omero::model::Details", {
      owner: unloaded("::omero::model::Experimenter", 2),
      group: unloaded("::omero::model::ExperimenterGroup", 5),
      permissions: createInstance("::omero::model::Permissions", { perm1: -120n }),
    }),
  });
}

function imageWithLinks(): IObject {
  const image = loaded("::omero::model::Image", { id: rlong(7), name: rstring("image") });
  image.annotationLinksSeq = [1, 2].map((number) =>
    loaded("::omero::model::ImageAnnotationLink", {
      parent: image,
      child: loaded("::omero::model::FileAnnotation", {
        id: rlong(number),
        ns: rstring("openmicroscopy.org/omero/bulk_annotations"),
      }),
    }),
  );
  return image;
}

/** An operation, the name of a message in golden.json, and the values it holds. */
export type GoldenMessage = readonly [operation: string, name: string, values: unknown];

export const parameters: GoldenMessage[] = [
  ["omero::api::IQuery.get", "IQuery.get", ["Image", 5n]],
  ["omero::grid::Table.getNumberOfRows", "Table.getNumberOfRows", []],
  ...Object.entries(rtypes).map(
    ([name, value]) => ["omero::grid::Table.setMetadata", `Table.setMetadata ${name}`, [name, value]] as const,
  ),
  ["omero::grid::Table.setMetadata", "Table.setMetadata null", ["none", null]],
  ["omero::grid::Table.setAllMetadata", "Table.setAllMetadata", [new Map(Object.entries(rtypes))]],
  ["omero::grid::Table.getWhereList", "Table.getWhereList", ["(x > y)", new Map([["y", rlong(3)]]), 0n, 10n, 2n]],
  ["omero::grid::Table.slice", "Table.slice", [BigInt64Array.of(0n, 2n), BigInt64Array.of(5n, 1n << 40n, 3n)]],
  ["omero::grid::Table.addData", "Table.addData", [columns]],
  ...columns.map((one) => ["omero::grid::Table.addData", `Table.addData ${one.name}`, [[one]]] as const),
  ["omero::grid::Table.addData", "Table.addData none", [[]]],
  [
    "omero::api::RawFileStore.write",
    "RawFileStore.write",
    [Uint8Array.from({ length: 256 }, (_, i) => i), 1n << 33n, 256],
  ],
  ["omero::api::IUpdate.saveAndReturnObject", "IUpdate.saveAndReturnObject", [originalFile()]],
  ["omero::api::IUpdate.saveAndReturnObject", "IUpdate.saveAndReturnObject circle", [imageWithLinks()]],
  [
    "omero::api::IQuery.findAllByQuery",
    "IQuery.findAllByQuery",
    [
      "from Image i where i.id = :id",
      createInstance("::omero::sys::Parameters", {
        map: new Map<string, RType>([
          ["id", rlong(9)],
          ["ids", rlist([rlong(1), rlong(2)])],
        ]),
        theFilter: createInstance("::omero::sys::Filter", { offset: rint(1), limit: rint(20) }),
      }),
    ],
  ],
  ["omero::api::ServiceFactory.setCallback", "ServiceFactory.setCallback null", [null]],
];

const empty: ColumnInstance[] = columns.map(({ iceId, name }) => ({
  ...createInstance(iceId as "::omero::grid::StringColumn"),
  name,
}));
for (const column of empty) if (column.size !== undefined) Object.assign(column, { size: 0 });
for (const { data } of empty) if (data.kind === "array") Object.assign(data, { size: 0 });

export const results: GoldenMessage[] = [
  [
    "omero::grid::Table.read",
    "Table.read",
    {
      iceId: "::omero::grid::Data",
      lastModification: 1234567890123n,
      rowNumbers: BigInt64Array.of(10n, 20n, 30n),
      columns,
    },
  ],
  ["omero::grid::Table.getHeaders", "Table.getHeaders", empty],
  ["omero::grid::Table.getOriginalFile", "Table.getOriginalFile", originalFile()],
  ["omero::api::IQuery.find", "IQuery.find null", null],
  ["omero::api::IQuery.projection", "IQuery.projection", [[rlong(1), rstring("a")], [rlong(2), null], []]],
  [
    "omero::api::IPixels.retrievePixDescription",
    "IPixels.retrievePixDescription",
    loaded("::omero::model::Pixels", {
      physicalSizeX: createInstance("::omero::model::Length", { value: 0.25, unit: "MICROMETER" }),
    }),
  ],
  [
    "omero::api::IAdmin.getEventContext",
    "IAdmin.getEventContext",
    createInstance("::omero::sys::EventContext", {
      sessionUuid: "uuid",
      userId: 2n,
      userName: "user",
      isAdmin: true,
      memberOfGroups: BigInt64Array.of(1n, 5n),
    }),
  ],
  [
    "omero::grid::SharedResources.repositories",
    "SharedResources.repositories",
    { descriptions: [originalFile()], proxies: [null] },
  ],
  ["Glacier2::PermissionsVerifier.checkPermissions", "PermissionsVerifier.checkPermissions", [false, "no"]],
];

/** The name of a message, and the exception it holds. */
export const exceptions: [string, IceUserException][] = [
  [
    "ApiUsageException",
    new IceUserException("::omero::ApiUsageException", {
      serverStackTrace: "at a\nat b",
      serverExceptionClass: "ome.conditions.ApiUsageException",
      message: "hélas",
    }),
  ],
  [
    "OptimisticLockException",
    new IceUserException("::omero::OptimisticLockException", {
      backOff: 0n,
      serverStackTrace: "",
      serverExceptionClass: "",
      message: "changed",
    }),
  ],
  [
    "WrappedCreateSessionException",
    new IceUserException("::omero::WrappedCreateSessionException", {
      concurrency: true,
      backOff: 2500n,
      type: "type",
      reason: "reason",
    }),
  ],
  [
    "UnregisteredFileException",
    new IceUserException("::omero::grid::UnregisteredFileException", {
      file: originalFile(),
      serverStackTrace: "",
      serverExceptionClass: "",
      message: "not there",
    }),
  ],
];
