/**
 * Reads values of Ice encoding 1.0 by their types. Class instances stand after all other values; until then a
 * reference is an empty object, which the instance fills, so shared references and cycles come out as they were.
 */
import { OmeroError, WireError } from "../../../errors.js";
import {
  type ClassType,
  type DictionaryType,
  type EnumerationType,
  type ExceptionType,
  type IceType,
  isDerivedFrom,
  loadSchema,
  type Member,
  OBJECT_ID,
  type SequenceType,
} from "../schema/schema.js";
import { columnTypeOf, readColumnBlock } from "./columns/column-blocks.js";
import { type InputBuffer, OBJECT_COST } from "./input-buffer.js";
import { skipProxy } from "./proxy-codec.js";
import type { ProxyCodec, ProxyRef } from "./proxy-ref.js";
import { type Slice, SliceHeads } from "./slice-heads.js";
import { enumerationSize, minimumSize } from "./wire-size.js";

/** Members by name. */
export type IceObject = Record<string, unknown>;

/** Its id, and the slice of `::Ice::Object` with its type id as an index. */
const LEAST_INSTANCE = 4 + (1 + 1 + 4 + 1);

export class ValueReader {
  readonly #input: InputBuffer;
  readonly #proxies: ProxyCodec;
  readonly #instances = new Map<number, IceObject>();
  /** Classes of the instances read so far. */
  readonly #classes = new Map<number, ClassType>();
  /** References met before their instance: ids, and the class each must have. */
  readonly #referenceIds: number[] = [];
  readonly #referenceTypes: ClassType[] = [];
  readonly #heads: SliceHeads;

  constructor(input: InputBuffer, proxies: ProxyCodec) {
    this.#input = input;
    this.#proxies = proxies;
    this.#heads = new SliceHeads(input);
  }

  readMembers(members: readonly Member[], target: IceObject): void {
    for (const member of members) target[member.name] = this.readValue(member.type);
  }

  readValue(type: IceType): unknown {
    const input = this.#input;
    switch (type.kind) {
      case "bool":
        return input.readBool();
      case "byte":
        return input.readByte();
      case "short":
        return input.readShort();
      case "int":
        return input.readInt();
      case "long":
        return input.readLong();
      case "float":
        return input.readFloat();
      case "double":
        return input.readDouble();
      case "string":
        return input.readString();
      case "enumeration":
        return this.#readEnumerator(type);
      case "sequence":
        return this.#readSequence(type);
      case "dictionary":
        return this.#readDictionary(type);
      case "struct": {
        input.charge(OBJECT_COST.record, type.members.length);
        const struct: IceObject = {};
        this.readMembers(type.members, struct);
        return struct;
      }
      case "class":
        return this.#readReference(type);
      case "proxy":
        return this.#readProxy();
    }
  }

  #readEnumerator(type: EnumerationType): string {
    const size = enumerationSize(type.enumerators.length);
    const input = this.#input;
    const value = size === 1 ? input.readByte() : size === 2 ? input.readShort() : input.readInt();
    const name = type.enumerators[value];
    if (name === undefined) throw input.fail(`${value} is no value of ${type.id}`);
    return name;
  }

  #readSequence(type: SequenceType): unknown {
    const input = this.#input;
    switch (type.element.kind) {
      case "byte":
        return input.viewBytes();
      case "short":
        return input.readShorts();
      case "int":
        return input.viewInts();
      case "long":
        return input.readLongs();
      case "float":
        return input.readFloats();
      case "double":
        return input.readDoubles();
      default:
        return this.#readElements(type.element);
    }
  }

  #readElements(element: IceType): unknown[] {
    const count = this.#input.readCount(minimumSize(element));
    this.#input.charge(OBJECT_COST.array, count);
    const values: unknown[] = [];
    for (let index = 0; index < count; index++) values.push(this.readValue(element));
    return values;
  }

  #readDictionary(type: DictionaryType): Map<unknown, unknown> {
    const count = this.#input.readCount(minimumSize(type.key) + minimumSize(type.value));
    this.#input.charge(OBJECT_COST.map, 4 * count);
    const entries = new Map<unknown, unknown>();
    for (let index = 0; index < count; index++) {
      const key = this.readValue(type.key);
      entries.set(key, this.readValue(type.value));
    }
    return entries;
  }

  #readProxy(): ProxyRef | null {
    const input = this.#input;
    const start = input.offset;
    const { name } = skipProxy(input);
    if (name === "") return null;
    try {
      return this.#proxies.read(input.bytes.subarray(start, input.offset), 0).proxy;
    } catch (cause) {
      if (cause instanceof OmeroError) throw cause;
      throw new WireError("MALFORMED_MESSAGE", input.fail("a proxy that cannot be read").message, { cause });
    }
  }

  /** Null is 0; a reference to instance `id` is `-id`. */
  #readReference(expected: ClassType): IceObject | null {
    const input = this.#input;
    const reference = input.readInt();
    if (reference === 0) return null;
    if (reference > 0 || reference === -0x80000000) throw input.fail(`${reference} is no reference to an instance`);
    const id = -reference;
    const type = this.#classes.get(id);
    if (type) {
      this.#checkClass(type, expected);
    } else {
      this.#referenceIds.push(id);
      this.#referenceTypes.push(expected);
    }
    return this.#instance(id);
  }

  #instance(id: number): IceObject {
    const known = this.#instances.get(id);
    if (known) return known;
    const input = this.#input;
    const missing = this.#instances.size + 1 - this.#classes.size;
    if (missing * LEAST_INSTANCE > input.remaining) throw input.fail("references to instances that cannot follow");
    return this.#newInstance(id);
  }

  #newInstance(id: number): IceObject {
    this.#input.charge(OBJECT_COST.record + OBJECT_COST.record);
    const made: IceObject = { iceId: OBJECT_ID };
    this.#instances.set(id, made);
    return made;
  }

  #checkClass(type: ClassType, expected: ClassType): void {
    if (!isDerivedFrom(type, expected)) {
      throw this.#input.fail(`an instance of ${type.id} where ${expected.id} is expected`);
    }
  }

  /** Reads the instances that the values before them refer to. */
  readInstances(): void {
    const input = this.#input;
    for (let count = input.readCount(LEAST_INSTANCE); count > 0; count = input.readCount(LEAST_INSTANCE)) {
      for (let index = 0; index < count; index++) this.#readInstance();
    }
    this.#referenceIds.forEach((id, index) => {
      const type = this.#classes.get(id);
      if (!type) throw input.fail(`instance ${id} is referred to and missing`);
      this.#checkClass(type, this.#referenceTypes[index]!);
    });
  }

  #readInstance(): void {
    const input = this.#input;
    const id = input.readInt();
    if (id <= 0) throw input.fail(`instance with id ${id}`);
    if (this.#classes.has(id)) throw input.fail(`instance ${id} comes twice`);
    let slice = this.#heads.ofInstance();
    let type = loadSchema().findClass(slice.typeId);
    while (!type) {
      input.moveTo(slice.end);
      slice = this.#heads.ofInstance();
      type = loadSchema().findClass(slice.typeId);
    }
    const target = this.#instances.get(id) ?? this.#newInstance(id);
    this.#classes.set(id, type);
    target.iceId = type.id;
    for (let current: ClassType | null = type; current && current.id !== OBJECT_ID; current = current.base) {
      this.#readClassSlice(current, slice, target);
      slice = this.#heads.ofInstance();
    }
    this.#readObjectSlice(slice);
  }

  #readClassSlice(type: ClassType, slice: Slice, target: IceObject): void {
    const input = this.#input;
    if (slice.typeId !== type.id) throw input.fail(`a slice of ${slice.typeId} where ${type.id} is expected`);
    const column = columnTypeOf(type.id);
    input.charge(0, type.members.length);
    if (column === undefined) this.readMembers(type.members, target);
    else Object.assign(target, readColumnBlock(input, column));
    this.#endSlice(slice);
  }

  /** The last slice of every instance: an empty dictionary, kept for peers of old. */
  #readObjectSlice(slice: Slice): void {
    const input = this.#input;
    if (slice.typeId !== OBJECT_ID) throw input.fail(`a slice of ${slice.typeId} where ${OBJECT_ID} is expected`);
    if (input.readSize() !== 0) throw input.fail("an instance with facets");
    this.#endSlice(slice);
  }

  #endSlice(slice: Slice): void {
    const input = this.#input;
    if (input.offset !== slice.end) throw input.fail(`the slice of ${slice.typeId} should end at byte ${slice.end}`);
  }

  /** The slices of an exception, most derived first; what the schema does not know is left out. */
  readException(): { type: ExceptionType | undefined; receivedId: string; members: IceObject } {
    const input = this.#input;
    const usesClasses = input.readBool();
    const members: IceObject = {};
    let slice = this.#heads.ofException();
    const receivedId = slice.typeId;
    let type = loadSchema().findException(slice.typeId);
    while (!type) {
      input.moveTo(slice.end);
      const next = this.#heads.tryOfException();
      if (!next) return { type, receivedId, members };
      slice = next;
      type = loadSchema().findException(slice.typeId);
    }
    for (let current: ExceptionType | null = type; current; current = current.base) {
      if (slice.typeId !== current.id) throw input.fail(`a slice of ${slice.typeId} where ${current.id} is expected`);
      this.readMembers(current.members, members);
      this.#endSlice(slice);
      if (current.base) slice = this.#heads.ofException();
    }
    if (usesClasses) this.readInstances();
    return { type, receivedId, members };
  }
}
