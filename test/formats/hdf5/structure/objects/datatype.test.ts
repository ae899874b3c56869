import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FieldReader } from "../../../../../src/formats/hdf5/structure/field-reader.js";
import {
  type CompoundType,
  datatypeBytes,
  type Hdf5Datatype,
  readDatatype,
} from "../../../../../src/formats/hdf5/structure/objects/datatype.js";

const leaf: fc.Arbitrary<Hdf5Datatype> = fc.oneof(
  fc.record({
    class: fc.constant("integer" as const),
    size: fc.constantFrom(1, 2, 4, 8),
    signed: fc.boolean(),
    littleEndian: fc.constant(true),
  }),
  fc.record({ class: fc.constant("float" as const), size: fc.constantFrom(4, 8), littleEndian: fc.constant(true) }),
  fc.record({
    class: fc.constant("string" as const),
    size: fc.integer({ min: 1, max: 70_000 }),
    spacePadded: fc.constant(false),
    utf8: fc.boolean(),
  }),
  fc.constant({ class: "bitfield" as const, size: 1 }),
);
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).map((text) => text.replaceAll("\0", "x"));

function arrayOf(base: Hdf5Datatype, dimensions: number[]): Hdf5Datatype {
  return { class: "array", size: base.size * dimensions.reduce((a, b) => a * b, 1), dimensions, base };
}

function compoundOf(parts: [string, Hdf5Datatype][]): CompoundType {
  let size = 0;
  const members = parts.map(([memberName, type]) => {
    const member = { name: memberName, offset: size, type };
    size += type.size;
    return member;
  });
  return { class: "compound", size, members };
}

const array = fc
  .tuple(leaf, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }))
  .map(([base, dimensions]) => arrayOf(base, dimensions));
const nested = fc.array(fc.tuple(name, leaf), { minLength: 1, maxLength: 4 }).map(compoundOf);
const compound = fc
  .array(fc.tuple(name, fc.oneof(leaf, array, nested)), { minLength: 1, maxLength: 8 })
  .map(compoundOf);

function read(bytes: Uint8Array): Hdf5Datatype {
  return readDatatype(new FieldReader(bytes, "a type"));
}

describe("a datatype", () => {
  it("reads back as it was written, in both forms", () => {
    fc.assert(
      fc.property(fc.oneof(leaf, array, compound), fc.boolean(), (type, compact) => {
        expect(read(datatypeBytes(type, compact))).toEqual(type);
      }),
    );
  });

  it("cut short is malformed", () => {
    fc.assert(
      fc.property(
        compound,
        fc.boolean(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (type, compact, part) => {
          const bytes = datatypeBytes(type, compact);
          expect(() => read(bytes.subarray(0, Math.floor(bytes.length * part)))).toThrow(
            expect.objectContaining({ code: "MALFORMED_FILE" }),
          );
        },
      ),
    );
  });

  it("has the bytes PyTables writes", () => {
    const hex = (type: Hdf5Datatype) => Buffer.from(datatypeBytes(type)).toString("hex");
    expect(hex({ class: "integer", size: 8, signed: true, littleEndian: true })).toBe("100800000800000000004000");
    expect(hex({ class: "float", size: 8, littleEndian: true })).toBe("11203f000800000000004000340b0034ff030000");
    expect(hex({ class: "float", size: 4, littleEndian: true })).toBe("11201f000400000000002000170800177f000000");
    expect(hex({ class: "bitfield", size: 1 })).toBe("140000000100000000000800");
    expect(hex({ class: "string", size: 5, spacePadded: false, utf8: false })).toBe("1300000005000000");
  });

  it("nested without end is malformed", () => {
    let type: Hdf5Datatype = { class: "bitfield", size: 1 };
    for (let depth = 0; depth < 12; depth++)
      type = { class: "compound", size: 1, members: [{ name: "a", offset: 0, type }] };
    expect(() => read(datatypeBytes(type))).toThrow("nested too deeply");
  });
});
