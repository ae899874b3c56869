import { describe, expect, it } from "vitest";
import {
  decodeException,
  decodeParams,
  decodeResult,
  encodeException,
  encodeResult,
  mayThrow,
} from "../../../../src/connect/ice/codec/codec.js";
import { IceUserException } from "../../../../src/connect/ice/codec/ice-exception.js";
import { getOperation } from "../../../../src/connect/ice/schema/schema.js";
import { rlong, rstring } from "../../../../src/rtypes.js";
import { encodedParams } from "../encoded-params.js";
import { opaqueProxies, opaqueProxy } from "../opaque-proxies.js";

const get = getOperation("omero::api::IQuery", "get");
const slice = getOperation("omero::grid::Table", "slice");
const setAllMetadata = getOperation("omero::grid::Table", "setAllMetadata");
const save = getOperation("omero::api::IUpdate", "saveAndReturnObject");
const setCallback = getOperation("omero::api::ServiceFactory", "setCallback");
const newTable = getOperation("omero::grid::SharedResources", "newTable");
const checkPermissions = getOperation("Glacier2::PermissionsVerifier", "checkPermissions");
const projectStack = getOperation("omero::api::IProjection", "projectStack");
const write = getOperation("omero::api::RawFileStore", "write");

function throughParams(operation: typeof get, args: unknown[]): unknown[] {
  return decodeParams(operation, encodedParams(operation, args, opaqueProxies), opaqueProxies);
}

function throughResult(operation: typeof get, value: unknown): unknown {
  return decodeResult(operation, encodeResult(operation, value, opaqueProxies), opaqueProxies);
}

describe("encoding takes looser values than decoding gives", () => {
  it("a safe integer for a long", () => {
    expect(throughParams(get, ["Image", 5])).toEqual(["Image", 5n]);
    expect(throughParams(get, ["Image", -Number.MAX_SAFE_INTEGER])).toEqual(["Image", -(2n ** 53n) + 1n]);
  });

  it("an array for a sequence of numbers", () => {
    expect(throughParams(slice, [[0, 1n], Float64Array.of(7, 8)])).toEqual([
      BigInt64Array.of(0n, 1n),
      BigInt64Array.of(7n, 8n),
    ]);
    expect(throughParams(write, [[1, 2, 255], 0, 3])).toEqual([Uint8Array.of(1, 2, 255), 0n, 3]);
    expect(throughParams(write, [Buffer.from("abc"), 0, 3])).toEqual([Uint8Array.of(97, 98, 99), 0n, 3]);
  });

  it("a plain object for a dictionary with texts as keys", () => {
    expect(throughParams(setAllMetadata, [{ a: rlong(1) }])).toEqual([new Map([["a", rlong(1)]])]);
  });

  it("objects with some members only", () => {
    const [image] = throughParams(save, [{ iceId: "::omero::model::Image", name: rstring("x") }]);
    expect(image).toMatchObject({ name: rstring("x"), id: null, loaded: false, pixelsSeq: [], details: null });
    expect(image).toHaveProperty("annotationLinksCountPerOwner", new Map());
    const length = { iceId: "::omero::model::Pixels", physicalSizeX: { iceId: "::omero::model::Length" } };
    expect(throughParams(save, [length])).toMatchObject([{ physicalSizeX: { value: 0, unit: "YOTTAMETER" } }]);
  });

  it("objects without iceId where the class is known", () => {
    const find = getOperation("omero::api::IQuery", "findAll");
    expect(throughParams(find, ["Image", { limit: { iceId: "::omero::RInt", val: 3 } }])).toMatchObject([
      "Image",
      { iceId: "::omero::sys::Filter", limit: { val: 3 }, offset: null },
    ]);
  });

  it("null for text, sequences and dictionaries, undefined for objects and proxies", () => {
    expect(throughParams(get, [null, 1])).toEqual(["", 1n]);
    expect(throughParams(setAllMetadata, [null])).toEqual([new Map()]);
    expect(throughParams(slice, [null, null])).toEqual([new BigInt64Array(0), new BigInt64Array(0)]);
    expect(throughParams(save, [undefined])).toEqual([null]);
    expect(throughParams(setCallback, [undefined])).toEqual([null]);
  });
});

describe("what cannot be encoded", () => {
  it.each<[string, typeof get, unknown[], string]>([
    ["too few parameters", get, ["Image"], "call of IQuery.get: 2 parameters expected, 1 given"],
    ["a number for text", get, [1, 1], "call of IQuery.get: klass: text expected, 1 given"],
    [
      "text for a number",
      get,
      ["Image", "5"],
      "id: a 64-bit integer (a bigint, or a safe integer) expected, text given",
    ],
    ["an unsafe integer", get, ["Image", 2 ** 53], "id: a 64-bit integer"],
    ["a fraction", get, ["Image", 0.5], "id: a 64-bit integer"],
    ["more than 64 bits", get, ["Image", 1n << 63n], "id: a 64-bit integer"],
    ["half a surrogate pair", get, ["\ud800", 1], "klass: text with half a surrogate pair"],
    ["an element", slice, [[1], [1, "2"]], "rowNumbers[1]: a 64-bit integer"],
    ["no sequence", slice, [1, [1]], "colNumbers: a sequence (::omero::api::LongArray) expected, 1 given"],
    ["no dictionary", setAllMetadata, [3], "dict: a Map (::omero::RTypeDict) expected, 3 given"],
    ["an entry", setAllMetadata, [{ key: 5 }], "dict[key]: an object of ::omero::RType expected, 5 given"],
    [
      "an unknown class",
      save,
      [{ iceId: "::omero::model::Nothing" }],
      'iceId "::omero::model::Nothing" names no class',
    ],
    ["a wrong class", save, [rlong(1)], "an object of ::omero::RLong where ::omero::model::IObject is expected"],
    [
      "a member",
      save,
      [{ iceId: "::omero::model::Image", name: "plain text" }],
      "::omero::model::Image.name: an object of ::omero::RString expected, text given",
    ],
    ["too large a byte", write, [[256], 0, 1], "buf[0]: a byte expected, 256 given"],
    ["too large an int", write, [[1], 0, 2 ** 31], "length: an int expected, 2147483648 given"],
    ["no proxy", setCallback, [{ endpoint: 1 }], "a proxy expected, an object (Object) given"],
    ["an enumerator", projectStack, [1, null, "MEDIUM", 0, 0, 0, 0, 0], "one of MAXIMUMINTENSITY, MEANINTENSITY"],
  ])("is named: %s", (_what, operation, args, message) => {
    const encode = () => encodedParams(operation, args, opaqueProxies);
    expect(encode).toThrow(expect.objectContaining({ name: "WireError", code: "CANNOT_ENCODE" }));
    expect(encode).toThrow(message);
  });

  it("never shows text, which may be a password", () => {
    const createSession = getOperation("Glacier2::Router", "createSession");
    for (const args of [
      ["user", { password: "secret" }],
      [1, "secret"],
      ["user", "secret", "secret"],
      ["user", "secret\ud800"],
    ]) {
      expect(() => encodedParams(createSession, args, opaqueProxies)).toThrow(/^(?!.*secret)/);
    }
  });

  it("is named in results and exceptions too", () => {
    expect(() => encodeResult(get, "text", opaqueProxies)).toThrow("answer to IQuery.get: result 0: an object");
    expect(() => encodeResult(checkPermissions, true, opaqueProxies)).toThrow("an array of 2 results expected");
    expect(() => encodeException(new IceUserException("::omero::Nothing"), opaqueProxies)).toThrow(
      "exception ::omero::Nothing: the schema has no such exception",
    );
    const exception = new IceUserException("::omero::ApiUsageException", { message: 1 });
    expect(() => encodeException(exception, opaqueProxies)).toThrow("message: text expected, 1 given");
  });
});

describe("results", () => {
  it("are undefined, a value, or an array with the returned value first", () => {
    expect(throughResult(write, undefined)).toBeUndefined();
    expect(throughResult(get, null)).toBeNull();
    expect(throughResult(checkPermissions, [true, "reason"])).toEqual([true, "reason"]);
    expect([...encodeResult(checkPermissions, [true, "no"], opaqueProxies)]).toEqual([2, 110, 111, 1]);
  });

  it("hold proxies", () => {
    const proxy = opaqueProxy("table", "category");
    expect(throughResult(newTable, proxy)).toEqual(proxy);
    expect(throughResult(newTable, null)).toBeNull();
  });
});

describe("a sequence of bytes", () => {
  const read = getOperation("omero::api::RawFileStore", "read");
  const sent = (bytes: Uint8Array) => encodeResult(read, bytes, opaqueProxies);

  it("is a view of its message where it is most of it", () => {
    const message = sent(new Uint8Array(200_000).fill(7)).slice();
    const bytes = decodeResult(read, message, opaqueProxies) as Uint8Array;
    expect(bytes).toEqual(new Uint8Array(200_000).fill(7));
    expect(bytes.buffer).toBe(message.buffer);
  });

  it("is a copy where it is short, or a small part of what would be kept with it", () => {
    const short = sent(Uint8Array.of(1, 2)).slice();
    expect((decodeResult(read, short, opaqueProxies) as Uint8Array).buffer).not.toBe(short.buffer);
    const long = sent(new Uint8Array(200_000));
    const room = new Uint8Array(1_000_000);
    room.set(long);
    const bytes = decodeResult(read, room.subarray(0, long.length), opaqueProxies) as Uint8Array;
    expect(bytes.buffer.byteLength).toBe(200_000);
  });
});

describe("a sequence of int", () => {
  const render = getOperation("omero::api::RenderingEngine", "renderAsPackedInt");
  const pixels = Int32Array.from({ length: 50_000 }, (_, index) => (index * 0x01010101) | 0);
  const message = encodeResult(render, pixels, opaqueProxies);

  it.each([0, 1, 2, 3])("lies in its message where it is most of it, which began at byte %i", (offset) => {
    const room = new Uint8Array(offset + message.length);
    room.set(message, offset);
    const found = decodeResult(render, room.subarray(offset), opaqueProxies) as Int32Array;
    expect(found).toEqual(pixels);
    expect(found.buffer).toBe(room.buffer);
  });

  it("is a copy where it is a small part of what would be kept with it", () => {
    const room = new Uint8Array(1_000_000);
    room.set(message);
    const found = decodeResult(render, room.subarray(0, message.length), opaqueProxies) as Int32Array;
    expect(found).toEqual(pixels);
    expect(found.buffer.byteLength).toBe(200_000);
    expect(room.subarray(0, message.length)).toEqual(message);
  });

  it("leaves what comes after it as it is", () => {
    const createImage = getOperation("omero::api::IPixels", "createImage");
    const sent = [1, 2, 3, 4, pixels, null, "name", "description"];
    expect(throughParams(createImage, sent)).toEqual(sent);
  });
});

describe("class graphs", () => {
  it("keep circles and shared objects", () => {
    const image: Record<string, unknown> = { iceId: "::omero::model::Image", name: rstring("x") };
    const link = { iceId: "::omero::model::ImageAnnotationLink", parent: image };
    image.annotationLinksSeq = [link, link];
    const [decoded] = throughParams(save, [image]) as [{ annotationLinksSeq: { parent: unknown }[] }];
    expect(decoded.annotationLinksSeq[0]).toBe(decoded.annotationLinksSeq[1]);
    expect(decoded.annotationLinksSeq[0]!.parent).toBe(decoded);
  });

  it("may be as deep as a message is long", () => {
    let folder: Record<string, unknown> | null = null;
    for (let depth = 0; depth < 20_000; depth++) folder = { iceId: "::omero::model::Folder", parentFolder: folder };
    const [decoded] = throughParams(save, [folder]) as [{ parentFolder: unknown } | null];
    let depth = 0;
    for (let current = decoded; current; current = current.parentFolder as typeof decoded) depth++;
    expect(depth).toBe(20_000);
  });
});

describe("malformed messages", () => {
  const bytesOf = (...parts: (number[] | string)[]) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [part.length, ...Buffer.from(part)] : part)));
  const int = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
  const objectSlice = [...bytesOf([0], "::Ice::Object", int(5), [0])];
  const rlongSlices = (id: number) => [
    ...bytesOf([1], int(id), [0], "::omero::RLong", int(12), int(7), int(0), [0], "::omero::RType", int(4)),
    ...objectSlice,
  ];
  const returned = (...parts: number[][]) => Uint8Array.from(parts.flat());
  const getMetadata = getOperation("omero::grid::Table", "getMetadata");

  it("is a whole answer to begin with", () => {
    expect(decodeResult(getMetadata, returned(int(-1), rlongSlices(1), [0]), opaqueProxies)).toEqual(rlong(7));
  });

  it.each<[string, Uint8Array, string]>([
    ["a positive reference", returned(int(1), [0]), "1 is no reference"],
    ["the least reference", returned(int(-0x80000000), [0]), "is no reference"],
    ["a missing instance", returned(int(-2), rlongSlices(1), [0]), "instance 2 is referred to and missing"],
    ["an instance twice", returned(int(-1), rlongSlices(1), rlongSlices(1), [0]), "comes twice"],
    ["an id of 0", returned(int(-1), rlongSlices(0), [0]), "instance with id 0"],
    ["bytes too many", returned(int(-1), rlongSlices(1), [0, 0, 0]), "2 bytes too many"],
    [
      "another class",
      returned(int(-1), [1], int(1), objectSlice, [0]),
      "an instance of ::Ice::Object where ::omero::RType",
    ],
    [
      "an unknown type index",
      returned(int(-1), [1], int(1), [1, 9], int(4), [0, 0, 0, 0, 0, 0]),
      "no type id has index 9",
    ],
    [
      "a slice of another class",
      returned(int(-1), [...bytesOf([1], int(1), [0], "::omero::RLong", int(12), int(7), int(0))], objectSlice, [0]),
      "a slice of ::Ice::Object where ::omero::RType",
    ],
    [
      "a slice of another length",
      returned(int(-1), [...bytesOf([1], int(1), [0], "::omero::RLong", int(13), int(7), int(0), [0])], objectSlice),
      "the slice of ::omero::RLong should end",
    ],
    ["text that is not UTF-8", returned(int(-1), [1], int(1), [0, 1, 0xff], int(4), objectSlice), "not UTF-8"],
  ])("are refused: %s", (_what, bytes, message) => {
    const decode = () => decodeResult(getMetadata, bytes, opaqueProxies);
    expect(decode).toThrow(expect.objectContaining({ name: "WireError", code: "MALFORMED_MESSAGE" }));
    expect(decode).toThrow(message);
    expect(decode).toThrow("answer to Table.getMetadata: ");
  });

  it("may have one byte too many, as old versions of Ice send", () => {
    expect(decodeParams(get, bytesOf("Image", int(5), int(0), [0]), opaqueProxies)).toEqual(["Image", 5n]);
    expect(() => decodeParams(get, bytesOf("Image", int(5), int(0), [0, 0]), opaqueProxies)).toThrow(
      "2 bytes too many",
    );
  });

  it("are refused for an unknown enumerator", () => {
    const bytes = bytesOf(int(1), int(0), int(0), [3]);
    expect(() => decodeParams(projectStack, bytes, opaqueProxies)).toThrow("3 is no value of");
  });

  it.each([
    ["two facets", [1, 97, 0, 2, 1, 98, 1, 99, 0, 0, 0, 0]],
    ["an unknown mode", [1, 97, 0, 0, 9, 0, 0, 0]],
    ["a category only", [0, 1, 97, 0, 0, 0, 0, 0]],
    ["a short endpoint", [1, 97, 0, 0, 0, 0, 1, 1, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0]],
    ["more endpoints than bytes", [1, 97, 0, 0, 0, 0, 255, 255, 255, 255, 127]],
  ])("are refused for a proxy with %s", (_what, bytes) => {
    expect(() => decodeParams(setCallback, Uint8Array.from(bytes), opaqueProxies)).toThrow(
      expect.objectContaining({ code: "MALFORMED_MESSAGE" }),
    );
  });

  it("are refused where the transport cannot read a proxy", () => {
    const failing = {
      ...opaqueProxies,
      read: () => {
        throw new RangeError("out of range");
      },
    };
    const bytes = encodedParams(setCallback, [opaqueProxy("name")], opaqueProxies);
    expect(() => decodeParams(setCallback, bytes, failing)).toThrow(
      expect.objectContaining({ code: "MALFORMED_MESSAGE", cause: expect.any(RangeError) }),
    );
  });
});

describe("exceptions", () => {
  it("that are wholly unknown keep their id", () => {
    const bytes = Uint8Array.from([0, 9, ...Buffer.from("::not::us"), 6, 0, 0, 0, 1, 2]);
    const exception = decodeException(bytes, opaqueProxies);
    expect([exception.iceId, exception.receivedId, exception.members]).toEqual(["::not::us", "::not::us", {}]);
  });

  it("say what they are", () => {
    const wrapped = new IceUserException("::omero::WrappedCreateSessionException", { reason: "no", type: "x" });
    expect(wrapped.message).toBe("::omero::WrappedCreateSessionException: no");
    expect(new IceUserException("::omero::ServerError", { message: "" }).message).toBe("::omero::ServerError");
  });

  it("may be thrown where they or their base are declared", () => {
    expect(mayThrow(get, "::omero::ApiUsageException")).toBe(true);
    expect(mayThrow(get, "::omero::ServerError")).toBe(true);
    expect(mayThrow(get, "::Glacier2::CannotCreateSessionException")).toBe(false);
    expect(mayThrow(get, "::omero::Nothing")).toBe(false);
  });
});
