/**
 * Writes values as Ice encoding 1.0 by their types. Class instances are numbered as they are met and written after all
 * other values, so that shared references and cycles arrive as they are.
 */
import type { ColumnData, ColumnType } from "../../../columns/batch.js";
import { littleEndianBytes } from "../../../columns/int64.js";
import { isSized } from "../../../columns/kinds/kinds.js";
import { WireError } from "../../../errors.js";
import {
  type ClassType,
  type DictionaryType,
  type ExceptionType,
  type IceType,
  isDerivedFrom,
  loadSchema,
  type Member,
  OBJECT_ID,
  type SequenceType,
  type StructType,
} from "../schema/schema.js";
import { columnTypeOf, estimateColumnSize, findColumnFault, writeColumnBlock } from "./columns/column-blocks.js";
import { OutputBuffer } from "./output-buffer.js";
import type { ProxyCodec, ProxyRef } from "./proxy-ref.js";
import { defaultScalar, describeValue, writeScalar } from "./scalars.js";

interface PendingInstance {
  readonly id: number;
  readonly type: ClassType;
  readonly value: Readonly<Record<string, unknown>>;
}

const NUMBER_ARRAYS = {
  short: Int16Array,
  int: Int32Array,
  float: Float32Array,
  long: BigInt64Array,
  double: Float64Array,
} as const;

/** The bytes of a typed array of just the elements' type, as they are sent; undefined for anything else. */
export function bulkBytes(kind: IceType["kind"], value: unknown): Uint8Array | undefined {
  if (kind === "byte") return value instanceof Uint8Array ? value : undefined;
  const arrayClass = NUMBER_ARRAYS[kind as keyof typeof NUMBER_ARRAYS];
  if (arrayClass === undefined || !(value instanceof arrayClass)) return undefined;
  return littleEndianBytes(value);
}

export class ValueWriter {
  readonly output = new OutputBuffer();
  readonly #proxies: ProxyCodec;
  /** Where in the value the writer is, for errors. */
  readonly #path: string[];
  readonly #ids = new Map<object, number>();
  readonly #typeIds = new Map<string, number>();
  #pending: PendingInstance[] = [];

  /** @param messageName names the message in errors, for example "call of IQuery.get". */
  constructor(messageName: string, proxies: ProxyCodec) {
    this.#path = [messageName];
    this.#proxies = proxies;
  }

  fail(problem: string): WireError {
    const [messageName, ...path] = this.#path;
    const place = path.join("").replace(/^\./, "");
    return new WireError("CANNOT_ENCODE", `${messageName}: ${place === "" ? "" : `${place}: `}${problem}`);
  }

  mismatch(expected: string, value: unknown): WireError {
    return this.fail(`${expected} expected, ${describeValue(value)} given`);
  }

  /** Missing members are written as null, 0, "" or empty. */
  writeMembers(members: readonly Member[], values: Readonly<Record<string, unknown>>): void {
    for (const { name, type } of members) {
      const value = values[name];
      if (value === undefined) this.#writeDefault(type);
      else this.writeAt(`.${name}`, type, value);
    }
  }

  /** Writes a value that errors call `place`. */
  writeAt(place: string, type: IceType, value: unknown): void {
    this.#path.push(place);
    this.#writeValue(type, value);
    this.#path.pop();
  }

  #writeDefault(type: IceType): void {
    switch (type.kind) {
      case "sequence":
      case "dictionary":
        this.output.writeSize(0);
        break;
      case "struct":
        this.writeMembers(type.members, {});
        break;
      case "class":
      case "proxy":
        this.#writeValue(type, null);
        break;
      default:
        writeScalar(this.output, type, defaultScalar(type), this);
    }
  }

  #writeValue(type: IceType, value: unknown): void {
    switch (type.kind) {
      case "sequence":
        this.#writeSequence(type, value);
        break;
      case "dictionary":
        this.#writeDictionary(type, value);
        break;
      case "struct":
        this.#writeStruct(type, value);
        break;
      case "class":
        this.#writeReference(type, value);
        break;
      case "proxy":
        this.#writeProxy(value);
        break;
      default:
        writeScalar(this.output, type, value, this);
    }
  }

  #writeProxy(value: unknown): void {
    const isProxy = typeof value === "object" && value !== null && "identity" in value;
    if (!isProxy && value !== null && value !== undefined) throw this.mismatch("a proxy", value);
    this.output.writeRaw(this.#proxies.write(isProxy ? (value as ProxyRef) : null));
  }

  #writeSequence(type: SequenceType, value: unknown): void {
    if (value === null) {
      this.output.writeSize(0);
      return;
    }
    if (!isSequence(value)) throw this.mismatch(`a sequence (${type.id})`, value);
    this.output.writeSize(value.length);
    const bytes = bulkBytes(type.element.kind, value);
    if (bytes) {
      this.output.writeRaw(bytes);
      return;
    }
    for (let index = 0; index < value.length; index++) this.writeAt(`[${index}]`, type.element, value[index]);
  }

  /** A Map; a plain object where the keys are text. */
  #writeDictionary(type: DictionaryType, value: unknown): void {
    if (value === null) {
      this.output.writeSize(0);
      return;
    }
    const isMap = value instanceof Map;
    if (!isMap && (typeof value !== "object" || type.key.kind !== "string")) {
      throw this.mismatch(`a Map (${type.id})`, value);
    }
    const entries = isMap ? [...value] : Object.entries(value as object);
    this.output.writeSize(entries.length);
    for (const [key, entry] of entries) {
      this.writeAt(" key", type.key, key);
      this.writeAt(`[${String(key)}]`, type.value, entry);
    }
  }

  #writeStruct(type: StructType, value: unknown): void {
    if (typeof value !== "object" || value === null) throw this.mismatch(`a structure (${type.id})`, value);
    this.writeMembers(type.members, value as Record<string, unknown>);
  }

  #writeReference(expected: ClassType, value: unknown): void {
    if (value === null || value === undefined) {
      this.output.writeInt(0);
      return;
    }
    if (typeof value !== "object") throw this.mismatch(`an object of ${expected.id}`, value);
    let id = this.#ids.get(value);
    const type = this.#classOf(expected, value as Record<string, unknown>);
    if (id === undefined) {
      id = this.#ids.size + 1;
      this.#ids.set(value, id);
      this.#pending.push({ id, type, value: value as Record<string, unknown> });
    }
    this.output.writeInt(-id);
  }

  /** The class named by `iceId`; without one, the class that is expected. */
  #classOf(expected: ClassType, value: Readonly<Record<string, unknown>>): ClassType {
    const { iceId } = value;
    if (iceId === undefined) return expected;
    const type = typeof iceId === "string" ? loadSchema().findClass(iceId) : undefined;
    if (!type) throw this.fail(`iceId ${JSON.stringify(iceId)} names no class of the schema`);
    if (!isDerivedFrom(type, expected)) throw this.fail(`an object of ${type.id} where ${expected.id} is expected`);
    return type;
  }

  /** Writes the instances met so far, then those met in these, and so on; 0 ends them. */
  writeInstances(): void {
    while (this.#pending.length > 0) {
      const round = this.#pending;
      this.#pending = [];
      this.output.writeSize(round.length);
      this.#reserveForColumns(round);
      for (const instance of round) this.#writeInstance(instance);
    }
    this.output.writeSize(0);
  }

  /** Columns are most of a large message: room for all of a round is made at once. */
  #reserveForColumns(round: readonly PendingInstance[]): void {
    let size = 0;
    for (const { type, value } of round) {
      if (columnTypeOf(type.id) !== undefined && isColumnData(value.data)) size += estimateColumnSize(value.data);
    }
    if (size > 0) this.output.reserve(size + 1024);
  }

  #writeInstance({ id, type, value }: PendingInstance): void {
    this.#path.splice(1, Infinity, type.id);
    this.output.writeInt(id);
    for (let current: ClassType | null = type; current && current.id !== OBJECT_ID; current = current.base) {
      this.#writeClassSlice(current, value);
    }
    this.#writeSlice(OBJECT_ID, () => this.output.writeSize(0));
    this.#path.length = 1;
  }

  #writeClassSlice(type: ClassType, value: Readonly<Record<string, unknown>>): void {
    const column = columnTypeOf(type.id);
    this.#writeSlice(type.id, () => {
      if (column === undefined) this.writeMembers(type.members, value);
      else this.#writeColumn(column, value);
    });
  }

  #writeColumn(type: ColumnType, value: Readonly<Record<string, unknown>>): void {
    const { data } = value;
    if (!isColumnData(data)) throw this.mismatch("column data", data);
    const fault = findColumnFault(type, data);
    if (fault !== undefined) throw this.fail(`column "${String(value.name)}": ${fault}`);
    if (!isSized(type)) {
      writeColumnBlock(this.output, { data });
      return;
    }
    const size = value.size ?? (data.kind === "array" ? data.size : undefined);
    if (!Number.isSafeInteger(size)) throw this.fail(`column "${String(value.name)}": no size`);
    writeColumnBlock(this.output, { data, size: size as number });
  }

  /** A slice: whether the type id is given by its index, the type id, the slice's size, the members. */
  #writeSlice(typeId: string, writeMembers: () => void): void {
    const index = this.#typeIds.get(typeId);
    this.output.writeBool(index !== undefined);
    if (index !== undefined) {
      this.output.writeSize(index);
    } else {
      this.#typeIds.set(typeId, this.#typeIds.size + 1);
      this.output.writeString(typeId);
    }
    this.#writeSized(writeMembers);
  }

  #writeSized(writeMembers: () => void): void {
    const start = this.output.allocate(4);
    writeMembers();
    this.output.patchInt(start, this.output.length - start);
  }

  writeException(type: ExceptionType, members: Readonly<Record<string, unknown>>): void {
    this.output.writeBool(type.usesClasses);
    for (let current: ExceptionType | null = type; current; current = current.base) {
      const own = current.members;
      this.output.writeString(current.id);
      this.#writeSized(() => this.writeMembers(own, members));
    }
    if (type.usesClasses) this.writeInstances();
  }
}

function isColumnData(data: unknown): data is ColumnData {
  return typeof data === "object" && data !== null && "kind" in data;
}

function isSequence(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
