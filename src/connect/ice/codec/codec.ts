/**
 * Parameters, results and exceptions of operations as bytes of Ice encoding 1.0: what is inside an encapsulation,
 * without its header of six bytes.
 *
 * Values: a class instance is `{ iceId, ...members }`, a structure a plain object, a dictionary a Map, `long` a bigint,
 * an enumerator its name, sequences of numbers are typed arrays and other sequences arrays; columns of `omero::grid`
 * carry {@link ColumnData}. Encoding takes a safe integer for a long, an array for any sequence and a plain object for
 * a dictionary with texts as keys; missing members are null, 0, "" or empty.
 */

import { type IceType, loadSchema, type Operation } from "../schema/schema.js";
import { IceUserException } from "./ice-exception.js";
import { InputBuffer } from "./input-buffer.js";
import { OutputBuffer } from "./output-buffer.js";
import type { ProxyCodec } from "./proxy-ref.js";
import { ValueReader } from "./value-reader.js";
import { bulkBytes, ValueWriter } from "./value-writer.js";

/** Ice before 3.3 could end parameters and exceptions with one byte too many; Ice itself bears with it. */
const TOLERATED_EXTRA_BYTES = 1;

/**
 * @returns one after the other, those of many numbers where they lie.
 * @throws WireError `CANNOT_ENCODE` naming the parameter that does not fit; `LIMIT_EXCEEDED` over 2 GiB.
 */
export function encodeParams(operation: Operation, args: readonly unknown[], proxies: ProxyCodec): Uint8Array[] {
  const { parameters, sendsClasses } = operation;
  const writer = new ValueWriter(`call of ${titleOf(operation)}`, proxies);
  if (args.length !== parameters.length) {
    throw writer.fail(`${parameters.length} parameters expected, ${args.length} given`);
  }
  const lent: LentBytes[] = [];
  parameters.forEach(({ name, type }, index) => {
    const bytes = bulkOf(type, args[index]);
    if (bytes === undefined) {
      writer.writeAt(name, type, args[index]);
    } else {
      writer.output.writeSize((args[index] as ArrayLike<unknown>).length);
      lent.push({ position: writer.output.length, bytes });
    }
  });
  if (sendsClasses) writer.writeInstances();
  return joined(writer.output.toBytes(), lent);
}

/** Bytes that belong at a position of others. */
interface LentBytes {
  readonly position: number;
  readonly bytes: Uint8Array;
}

function joined(written: Uint8Array, lent: readonly LentBytes[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const { position, bytes } of lent) {
    parts.push(written.subarray(start, position), bytes);
    start = position;
  }
  return [...parts, written.subarray(start)];
}

/** @throws WireError `MALFORMED_MESSAGE` or `LIMIT_EXCEEDED`. */
export function decodeParams(operation: Operation, bytes: Uint8Array, proxies: ProxyCodec): unknown[] {
  const types = operation.parameters.map((parameter) => parameter.type);
  return decodeValues(types, operation.sendsClasses, bytes, `call of ${titleOf(operation)}`, proxies);
}

/**
 * @param result the value of a single result, an array of several (the returned value first), undefined for none.
 * @throws WireError `CANNOT_ENCODE` or `LIMIT_EXCEEDED`.
 */
export function encodeResult(operation: Operation, result: unknown, proxies: ProxyCodec): Uint8Array {
  const writer = new ValueWriter(`answer to ${titleOf(operation)}`, proxies);
  const { results, returnsValue, returnsClasses } = operation;
  if (results.length > 1 && !(Array.isArray(result) && result.length === results.length)) {
    throw writer.fail(`an array of ${results.length} results expected`);
  }
  const values = results.length > 1 ? (result as unknown[]) : [result];
  results.forEach((_, position) => {
    const index = resultIndex(position, results.length, returnsValue);
    writer.writeAt(`result ${index}`, results[index]!, values[index]);
  });
  if (returnsClasses) writer.writeInstances();
  return writer.output.toBytes();
}

/** Fewer bytes are copied. */
const WORTH_NO_COPY = 1 << 16;

/** A sequence that is nothing but many numbers, as it is sent: where it lies. */
function bulkOf(type: IceType | undefined, value: unknown): Uint8Array | undefined {
  if (type?.kind !== "sequence") return undefined;
  const bytes = bulkBytes(type.element.kind, value);
  return bytes !== undefined && bytes.length >= WORTH_NO_COPY ? bytes : undefined;
}

/** A single result that is nothing but many numbers: their count, encoded, and the numbers where they lie. */
export function bulkResult(
  { results }: Operation,
  result: unknown,
): { head: Uint8Array; bytes: Uint8Array } | undefined {
  const bytes = results.length === 1 ? bulkOf(results[0], result) : undefined;
  if (bytes === undefined) return undefined;
  const output = new OutputBuffer();
  output.writeSize((result as ArrayLike<unknown>).length);
  return { head: output.toBytes(), bytes };
}

/**
 * The value of a single result, an array of several (the returned value, then the out parameters), undefined for none.
 * @throws WireError `MALFORMED_MESSAGE` or `LIMIT_EXCEEDED`.
 */
export function decodeResult(operation: Operation, bytes: Uint8Array, proxies: ProxyCodec): unknown {
  const { results, returnsValue, returnsClasses } = operation;
  const types = results.map((_, position) => results[resultIndex(position, results.length, returnsValue)]!);
  const values = decodeValues(types, returnsClasses, bytes, `answer to ${titleOf(operation)}`, proxies);
  if (results.length <= 1) return values[0];
  return returnsValue ? [values.at(-1), ...values.slice(0, -1)] : values;
}

/** @throws WireError `CANNOT_ENCODE` if the schema does not know the exception or its members do not fit. */
export function encodeException(exception: IceUserException, proxies: ProxyCodec): Uint8Array {
  const writer = new ValueWriter(`exception ${exception.iceId}`, proxies);
  const type = loadSchema().findException(exception.iceId);
  if (!type) throw writer.fail("the schema has no such exception");
  writer.writeException(type, exception.members);
  return writer.output.toBytes();
}

/**
 * The exception; where the schema knows only a base of it, that base, and where it knows nothing of it, no members.
 * @throws WireError `MALFORMED_MESSAGE` or `LIMIT_EXCEEDED`.
 */
export function decodeException(bytes: Uint8Array, proxies: ProxyCodec): IceUserException {
  const reader = new ValueReader(new InputBuffer(bytes, "exception"), proxies);
  const { type, receivedId, members } = reader.readException();
  return new IceUserException(type?.id ?? receivedId, members, receivedId);
}

/** Whether the peer may be sent this exception as an answer to the operation: it is declared, or derived from one that is. */
export function mayThrow(operation: Operation, exceptionId: string): boolean {
  for (let type = loadSchema().findException(exceptionId) ?? null; type; type = type.base) {
    if (operation.throws.includes(type)) return true;
  }
  return false;
}

function decodeValues(
  types: readonly IceType[],
  withInstances: boolean,
  bytes: Uint8Array,
  messageName: string,
  proxies: ProxyCodec,
): unknown[] {
  const input = new InputBuffer(bytes, messageName);
  const reader = new ValueReader(input, proxies);
  const values = types.map((type) => reader.readValue(type));
  if (withInstances) reader.readInstances();
  if (input.remaining > TOLERATED_EXTRA_BYTES) throw input.fail(`${input.remaining} bytes too many`);
  return values;
}

/** On the wire the returned value follows the out parameters; in `results` it comes first. */
function resultIndex(position: number, count: number, returnsValue: boolean): number {
  return returnsValue ? (position + 1) % count : position;
}

/** The operation as its documentation names it, for example `IQuery.get`. */
function titleOf(operation: Operation): string {
  return `${operation.service.slice(operation.service.lastIndexOf(":") + 1)}.${operation.name}`;
}
