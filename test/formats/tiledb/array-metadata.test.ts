import { describe, expect, it } from "vitest";
import { type ArrayMetadataValue, decodeMetadata, encodeMetadata } from "../../../src/formats/tiledb/array-metadata.js";
import { ByteCursor } from "../../../src/formats/tiledb/bytes/byte-reader.js";
import { ByteWriter } from "../../../src/formats/tiledb/bytes/byte-writer.js";

const decode = (bytes: Uint8Array, into = new Map<string, ArrayMetadataValue>()) => {
  decodeMetadata(new ByteCursor(bytes, "file"), into, "file");
  return into;
};

describe("array metadata", () => {
  it("comes back, sorted by the bytes of the keys", () => {
    const entries = new Map<string, ArrayMetadataValue>([
      ["ü", "später"],
      ["b", 2n ** 60n],
      ["a", 0.5],
      ["", ""],
    ]);
    const decoded = decode(encodeMetadata(entries));
    expect(decoded).toEqual(entries);
    expect([...decoded.keys()]).toEqual(["", "a", "b", "ü"]);
  });

  it("written later replaces and deletes", () => {
    const into = decode(
      encodeMetadata(
        new Map([
          ["kept", "1"],
          ["gone", "1"],
          ["changed", "1"],
        ]),
      ),
    );
    const later = new ByteWriter()
      .text("gone")
      .uint8(1)
      .bytes(encodeMetadata(new Map([["changed", 2n]])));
    expect(decode(later.result(), into)).toEqual(
      new Map<string, ArrayMetadataValue>([
        ["kept", "1"],
        ["changed", 2n],
      ]),
    );
  });

  it("leaves out values that a table's metadata has no place for", () => {
    const list = new ByteWriter().text("list").uint8(0).uint8(1).uint32(2).uint64(1, 2);
    list.text("narrow").uint8(0).uint8(0).uint32(1).uint32(7);
    list.text("blob").uint8(0).uint8(40).uint32(2).uint8(1, 2);
    list.text("text").uint8(0).uint8(12).uint32(1).uint8(97);
    expect(decode(list.result())).toEqual(new Map([["text", "a"]]));
  });

  it("cut off or of no datatype is refused", () => {
    const bytes = encodeMetadata(new Map([["key", "some text"]]));
    for (let length = 1; length < bytes.length; length++) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: "MALFORMED_FILE" }));
    }
    const odd = new ByteWriter().text("key").uint8(0).uint8(200).uint32(1).uint64(1).result();
    expect(() => decode(odd)).toThrow("datatype 200");
  });
});
