import { FieldWriter } from "../field-writer.js";
import type { FileSpace } from "../file-space.js";
import type { Hdf5File } from "../local-file.js";
import { attributeBytes, type Hdf5Attribute, readAttributes } from "./attribute.js";
import { freeMessage, MESSAGE_COUNT_AT, MESSAGE_HEAD_SIZE, messageBytes, type NewMessage } from "./header-bytes.js";
import { type HeaderMessage, MESSAGE, type ObjectHeader, readObjectHeader } from "./object-header.js";

/** Room a new block has for attributes to come. */
const SPARE_BYTES = 2048;
const CONTINUATION_LENGTH = 16;

export interface NewAttribute {
  readonly name: string;
  readonly type: Uint8Array;
  readonly space: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Sets attributes in an object header of version 1. What is new is written where nothing points yet, and then put in
 * use by one small write, so that a crash leaves the old attribute or the new one.
 */
export class HeaderEditor {
  readonly #file: Hdf5File;
  readonly #space: FileSpace;
  readonly #at: number;
  readonly #subject: string;
  /** Puts what was written at the end of the file on the disk, and the file's end in its superblock. */
  readonly #settle: () => Promise<void>;

  constructor(file: Hdf5File, space: FileSpace, at: number, subject: string, settle: () => Promise<void>) {
    this.#file = file;
    this.#space = space;
    this.#at = at;
    this.#subject = subject;
    this.#settle = settle;
  }

  /** Adds or replaces an attribute; messages may move. */
  async setAttribute(attribute: NewAttribute): Promise<void> {
    const header = await readObjectHeader(this.#file, this.#at, this.#subject);
    const { name, type, space, value } = attribute;
    const content = attributeBytes(name, type, space, value);
    // A crash may have left two of a name, of which the first counts.
    const former = readAttributes(header).filter((candidate) => candidate.name === name);
    if (former.length === 1 && differsInValueOnly(former[0]!, content)) {
      await this.#file.write(value, former[0]!.valueAt);
      return;
    }
    await this.#add(header, { type: MESSAGE.attribute, content });
    if (former.length > 0) await this.#free(name, content);
  }

  async #add(header: ObjectHeader, message: NewMessage): Promise<void> {
    const needed = message.content.length;
    const fits = ({ type, content: { length } }: HeaderMessage) =>
      type === MESSAGE.nil && (length === needed || length >= needed + MESSAGE_HEAD_SIZE);
    const place = header.messages.find(fits);
    if (place !== undefined) await this.#replace(header, place, message);
    else await this.#addBlock(header, message);
  }

  /** Adds a block to the header, in which the new message and spare room are, and a message moved for the pointer to it. */
  async #addBlock(header: ObjectHeader, message: NewMessage): Promise<void> {
    const pointerPlace = findPointerPlace(header);
    const moved = pointerPlace.type === MESSAGE.nil ? [] : [pointerPlace];
    const messages = [...moved, message, freeMessage(SPARE_BYTES)];
    const block = messageBytes(messages);
    const at = this.#space.allocate(block.length);
    await this.#file.write(block, at);
    await this.#settle();
    const content = new FieldWriter().address(at).uint64(block.length).finish();
    await this.#replace(header, pointerPlace, { type: MESSAGE.continuation, content }, messages.length);
  }

  /** Puts a message in place of another at least as long; the rest becomes free. */
  async #replace(header: ObjectHeader, place: HeaderMessage, message: NewMessage, alsoAdded = 0): Promise<void> {
    const rest = place.content.length - message.content.length;
    const bytes = messageBytes(rest > 0 ? [message, freeMessage(rest)] : [message]);
    // First the number of messages: HDF5 takes one that is too high, but not one too low.
    const count = header.messages.length + (rest > 0 ? 1 : 0) + alsoAdded;
    await this.#file.write(new FieldWriter().uint16(count).finish(), this.#at + MESSAGE_COUNT_AT);
    await this.#file.write(bytes, place.at - MESSAGE_HEAD_SIZE);
  }

  /** Removes an attribute, if it is there. */
  async removeAttribute(name: string): Promise<void> {
    await this.#free(name, new Uint8Array(0));
  }

  /** Frees the messages of an attribute but the one with the content `kept`. */
  async #free(name: string, kept: Uint8Array): Promise<void> {
    const header = await readObjectHeader(this.#file, this.#at, this.#subject);
    const free = new FieldWriter().uint16(MESSAGE.nil).finish();
    for (const attribute of readAttributes(header)) {
      if (attribute.name !== name || sameBytes(attribute.message.content, kept)) continue;
      await this.#file.write(free, attribute.message.at - MESSAGE_HEAD_SIZE);
    }
  }
}

/** A message that makes room for a continuation: free, or the shortest attribute. */
function findPointerPlace(header: ObjectHeader): HeaderMessage {
  const fits = header.messages.filter(({ content }) => content.length >= CONTINUATION_LENGTH);
  const free = fits.find(({ type }) => type === MESSAGE.nil);
  const attributes = fits.filter(({ type }) => type === MESSAGE.attribute);
  const shortest = attributes.reduce(
    (best: HeaderMessage | undefined, candidate) =>
      best === undefined || candidate.content.length < best.content.length ? candidate : best,
    undefined,
  );
  const place = free ?? shortest;
  if (place === undefined) throw new Error(`${header.subject} has no attribute`);
  return place;
}

function differsInValueOnly(old: Hdf5Attribute, content: Uint8Array): boolean {
  const before = old.message.content;
  const headLength = before.length - old.value.length;
  return before.length === content.length && sameBytes(before.subarray(0, headLength), content.subarray(0, headLength));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
