/**
 * Between Ice encodings 1.0 and 1.1. OMERO speaks 1.0, and its proxies say so; but the router's proxy is made by the
 * client itself, and a client made with Ice as it comes speaks 1.1 to it. Class instances, which differ altogether,
 * are not among what a router is sent.
 */
import { WireError } from "../../../errors.js";
import { InputBuffer } from "../codec/input-buffer.js";
import { OutputBuffer } from "../codec/output-buffer.js";
import type { ProxyCodec } from "../codec/proxy-ref.js";
import { enumerationSize, minimumSize } from "../codec/wire-size.js";
import { type IceType, loadSchema, type Member, type Operation } from "../schema/schema.js";

export type EncodingVersion = "1.0" | "1.1";

/** Reads and writes proxies in each encoding: 1.1 adds to them the versions that their object speaks. */
export type ProxyCodecs = Readonly<Record<EncodingVersion, ProxyCodec>>;

/** Flags of a slice in 1.1. */
const HAS_TYPE_ID = 1;
const HAS_SIZE = 1 << 4;
const IS_LAST = 1 << 5;

/** Whether the calls and answers of an operation can be had in 1.1. */
export function speaksBothEncodings({ sendsClasses, returnsClasses }: Operation): boolean {
  return !sendsClasses && !returnsClasses;
}

export function paramsFrom11({ parameters, name }: Operation, params: Uint8Array, codecs: ProxyCodecs): Uint8Array {
  const transcoder = new Transcoder(params, `call of ${name}`, codecs, "1.1", "1.0");
  transcoder.members(parameters);
  return transcoder.output.toBytes();
}

export function resultTo11(
  { results, returnsValue, name }: Operation,
  result: Uint8Array,
  codecs: ProxyCodecs,
): Uint8Array {
  const transcoder = new Transcoder(result, `answer to ${name}`, codecs, "1.0", "1.1");
  // A returned value follows the out parameters.
  const types = returnsValue ? [...results.slice(1), results[0]!] : results;
  for (const type of types) transcoder.value(type);
  return transcoder.output.toBytes();
}

/** @throws WireError `CANNOT_ENCODE` for an exception that holds class instances. */
export function exceptionTo11(exception: Uint8Array, codecs: ProxyCodecs): Uint8Array {
  const transcoder = new Transcoder(exception, "exception", codecs, "1.0", "1.1");
  transcoder.exception();
  return transcoder.output.toBytes();
}

class Transcoder {
  readonly output = new OutputBuffer();
  readonly #input: InputBuffer;
  readonly #codecs: ProxyCodecs;
  readonly #from: EncodingVersion;
  readonly #to: EncodingVersion;

  constructor(bytes: Uint8Array, messageName: string, codecs: ProxyCodecs, from: EncodingVersion, to: EncodingVersion) {
    this.#input = new InputBuffer(bytes, messageName);
    this.#codecs = codecs;
    this.#from = from;
    this.#to = to;
  }

  members(members: readonly Member[]): void {
    for (const { type } of members) this.value(type);
  }

  value(type: IceType): void {
    switch (type.kind) {
      case "enumeration":
        this.#enumerator(type.enumerators.length);
        break;
      case "sequence":
        this.#repeat(() => this.value(type.element));
        break;
      case "dictionary":
        this.#repeat(() => {
          this.value(type.key);
          this.value(type.value);
        });
        break;
      case "struct":
        this.members(type.members);
        break;
      case "class":
        throw new WireError("CANNOT_ENCODE", `instances of ${type.id} in Ice encoding 1.1`);
      case "proxy":
        this.#proxy();
        break;
      case "string":
        this.#copy(this.#size());
        break;
      default:
        this.#copy(minimumSize(type));
    }
  }

  /** Slices, most derived first: 1.0 counts none and ends after the type without a base. */
  exception(): void {
    if (this.#input.readBool())
      throw new WireError("CANNOT_ENCODE", "an exception with class instances in encoding 1.1");
    let last = false;
    while (!last) {
      const type = loadSchema().findException(this.#input.readString());
      if (!type) throw this.#input.fail("an exception that the schema does not know");
      last = type.base === null;
      this.output.writeByte(HAS_TYPE_ID | HAS_SIZE | (last ? IS_LAST : 0));
      this.output.writeString(type.id);
      this.#input.readInt();
      const start = this.output.length;
      this.output.writeInt(0);
      this.members(type.members);
      this.output.patchInt(start, this.output.length - start);
    }
  }

  #repeat(each: () => void): void {
    for (let left = this.#size(); left > 0; left--) each();
  }

  /** A number of things, of which each takes a byte at least. */
  #size(): number {
    const size = this.#input.readCount(1);
    this.output.writeSize(size);
    return size;
  }

  #copy(count: number): void {
    const start = this.#input.take(count);
    this.output.writeRaw(this.#input.bytes.subarray(start, start + count));
  }

  /** In 1.1 an enumerator is written as a size. */
  #enumerator(count: number): void {
    const width = enumerationSize(count);
    const read10 = () =>
      width === 1 ? this.#input.readByte() : width === 2 ? this.#input.readShort() : this.#input.readInt();
    const value = this.#from === "1.0" ? read10() : this.#input.readSize();
    if (this.#to === "1.1") this.output.writeSize(value);
    else if (width === 1) this.output.writeByte(value);
    else if (width === 2) this.output.writeShort(value);
    else this.output.writeInt(value);
  }

  #proxy(): void {
    const { proxy, end } = this.#codecs[this.#from].read(this.#input.bytes, this.#input.offset);
    this.#input.moveTo(end);
    this.output.writeRaw(this.#codecs[this.#to].write(proxy));
  }
}
