import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeException,
  decodeParams,
  decodeResult,
  encodeException,
  encodeResult,
} from "../../../../src/connect/ice/codec/codec.js";
import { IceUserException } from "../../../../src/connect/ice/codec/ice-exception.js";
import {
  type ExceptionType,
  loadSchema,
  OBJECT_ID,
  type Operation,
} from "../../../../src/connect/ice/schema/schema.js";
import { encodedParams } from "../encoded-params.js";
import { opaqueProxies } from "../opaque-proxies.js";
import { RandomValues } from "../random-values.js";

const schema = loadSchema();
const operations = schema.serviceIds.flatMap((id) => [...schema.findService(id)!.operations.values()]);

function eachOperation(check: (operation: Operation, values: RandomValues) => void, numRuns: number): void {
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.nat(), (operation, seed) => {
      check(operation, new RandomValues(seed));
    }),
    { numRuns },
  );
}

/** As `toStrictEqual`, which is slow for large graphs and asked only to tell a difference. */
function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) {
    expect(actual).toStrictEqual(expected);
    expect.unreachable("the values differ");
  }
}

describe("what is encoded is decoded to the same", () => {
  it("holds for the parameters of every operation", () => {
    eachOperation((operation, values) => {
      const args = operation.parameters.map(({ type }) => values.value(type));
      expectEqual(decodeParams(operation, encodedParams(operation, args, opaqueProxies), opaqueProxies), args);
    }, 500);
  });

  it("holds for the results of every operation", () => {
    eachOperation((operation, values) => {
      const results = operation.results.map((type) => values.value(type));
      const result = results.length > 1 ? results : results[0];
      expectEqual(decodeResult(operation, encodeResult(operation, result, opaqueProxies), opaqueProxies), result);
    }, 500);
  });

  it("holds for every exception", () => {
    fc.assert(
      fc.property(fc.constantFrom(...schema.exceptionIds), fc.nat(), (id, seed) => {
        const values = new RandomValues(seed);
        const members: Record<string, unknown> = {};
        for (let type: ExceptionType | null = schema.findException(id)!; type; type = type.base) {
          values.members(type.members, members);
        }
        const decoded = decodeException(
          encodeException(new IceUserException(id, members), opaqueProxies),
          opaqueProxies,
        );
        expect(decoded.iceId).toBe(id);
        expectEqual(decoded.members, members);
      }),
      { numRuns: 500 },
    );
  });

  it("holds for an instance of every class", () => {
    const operation = operations.find(({ name, service }) => name === "ice_isA" && service === OBJECT_ID)!;
    schema.classIds.forEach((id, seed) => {
      const type = schema.findClass(id)!;
      const call = { ...operation, sendsClasses: true, parameters: [{ name: "value", type }] };
      const args = [new RandomValues(seed).instance(type)];
      expectEqual(decodeParams(call, encodedParams(call, args, opaqueProxies), opaqueProxies), args);
    });
  });
});
