import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  decodeException,
  decodeParams,
  decodeResult,
  encodeException,
  encodeResult,
} from "../../../../src/connect/ice/codec/codec.js";
import { getOperation, type Operation } from "../../../../src/connect/ice/schema/schema.js";
import { encodedParams } from "../encoded-params.js";
import { exceptions, parameters, results } from "../golden-values.js";
import { opaqueProxies } from "../opaque-proxies.js";

/** Messages written by ZeroC's Ice for Python; make-golden.py beside the file says from what. */
const messages = JSON.parse(readFileSync(new URL("../fixtures/golden.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;

function message(name: string): Uint8Array {
  if (messages[name] === undefined) throw new Error(`golden.json has no "${name}"`);
  return new Uint8Array(Buffer.from(messages[name], "base64"));
}

function operationOf(path: string): Operation {
  const dot = path.lastIndexOf(".");
  return getOperation(path.slice(0, dot), path.slice(dot + 1));
}

/** Ice orders instances that are written together by their addresses in memory; all else is the same in every run. */
const SEVERAL_TOGETHER = new Set([
  "Table.setMetadata rlist",
  "Table.setAllMetadata",
  "Table.addData",
  "IUpdate.saveAndReturnObject",
  "IUpdate.saveAndReturnObject circle",
  "IQuery.findAllByQuery",
  "Table.read",
  "Table.getHeaders",
  "Table.getOriginalFile",
  "IQuery.projection",
  "IPixels.retrievePixDescription",
  "SharedResources.repositories",
  "UnregisteredFileException",
]);

function expectSameMessage(name: string, encoded: Uint8Array): void {
  const golden = message(name);
  expect(encoded.length).toBe(golden.length);
  if (!SEVERAL_TOGETHER.has(name)) expect(Buffer.from(encoded)).toEqual(Buffer.from(golden));
}

describe("messages as Ice writes them", () => {
  it.each(parameters)("parameters of %s: %s", (path, name, values) => {
    const operation = operationOf(path);
    expect(decodeParams(operation, message(name), opaqueProxies)).toEqual(values);
    expectSameMessage(name, encodedParams(operation, values as unknown[], opaqueProxies));
  });

  it.each(results)("result of %s: %s", (path, name, value) => {
    const operation = operationOf(path);
    expect(decodeResult(operation, message(name), opaqueProxies)).toEqual(value);
    expectSameMessage(name, encodeResult(operation, value, opaqueProxies));
  });

  it.each(exceptions)("%s", (name, exception) => {
    const decoded = decodeException(message(name), opaqueProxies);
    expect(decoded.iceId).toBe(exception.iceId);
    expect(decoded.members).toEqual(exception.members);
    expectSameMessage(name, encodeException(exception, opaqueProxies));
  });

  it("carries proxies as they are", () => {
    const operation = getOperation("omero::api::ServiceFactory", "setCallback");
    const golden = message("ServiceFactory.setCallback");
    const args = decodeParams(operation, golden, opaqueProxies);
    expect(args).toMatchObject([{ identity: { name: "name", category: "category" } }]);
    expect(Buffer.from(encodedParams(operation, args, opaqueProxies))).toEqual(Buffer.from(golden));
  });
});

describe("shared references", () => {
  it("are one object again", () => {
    const operation = operationOf("omero::api::IUpdate.saveAndReturnObject");
    const [image] = decodeParams(operation, message("IUpdate.saveAndReturnObject circle"), opaqueProxies) as {
      annotationLinksSeq: { parent: unknown; child: unknown }[];
    }[];
    const [first, second] = image!.annotationLinksSeq;
    expect(first!.parent).toBe(image);
    expect(second!.parent).toBe(image);
    expect(first!.child).not.toBe(second!.child);
  });
});

describe("types that the schema does not know", () => {
  it("are cut down to the base it knows, for a class", () => {
    const operation = getOperation("omero::api::IQuery", "get");
    const annotation = decodeResult(operation, message("IQuery.get future class"), opaqueProxies);
    expect(annotation).toMatchObject({ iceId: "::omero::model::TagAnnotation", textValue: { val: "kept" } });
    expect(annotation).not.toHaveProperty("future");
  });

  it("are cut down to the base it knows, for an exception", () => {
    const exception = decodeException(message("future exception"), opaqueProxies);
    expect(exception.iceId).toBe("::omero::ApiUsageException");
    expect(exception.receivedId).toBe("::omero::FutureException");
    expect(exception.members).toEqual({ serverStackTrace: "trace", serverExceptionClass: "class", message: "newer" });
    expect(exception.message).toBe("::omero::FutureException: newer");
  });
});
