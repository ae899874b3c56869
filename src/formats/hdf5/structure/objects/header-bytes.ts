import { FieldWriter } from "../field-writer.js";
import { MESSAGE } from "./object-header.js";

/** The longest content a message can have: its length is kept in 16 bits, and is a multiple of 8. */
export const MAX_MESSAGE_LENGTH = 0xfff8;
export const MESSAGE_HEAD_SIZE = 8;
/** Offset, in an object header of version 1, of its number of messages. */
export const MESSAGE_COUNT_AT = 2;

/** Set on messages that never change. */
const CONSTANT = 1;
const CONSTANT_TYPES: ReadonlySet<number> = new Set([MESSAGE.datatype, MESSAGE.fillValue]);

export interface NewMessage {
  readonly type: number;
  /** At most {@link MAX_MESSAGE_LENGTH} bytes; padded to a multiple of 8. */
  readonly content: Uint8Array;
}

/** Bytes of messages as they stand in an object header of version 1. */
export function messageBytes(messages: readonly NewMessage[]): Uint8Array {
  const fields = new FieldWriter();
  for (const { type, content } of messages) {
    const flags = CONSTANT_TYPES.has(type) ? CONSTANT : 0;
    fields
      .uint16(type)
      .uint16(Math.ceil(content.length / 8) * 8)
      .uint8(flags, 0, 0, 0);
    fields.bytes(content).align8();
  }
  return fields.finish();
}

/** A message that is only there to be replaced, filling `length` bytes together with its head. */
export function freeMessage(length: number): NewMessage {
  return { type: MESSAGE.nil, content: new Uint8Array(length - MESSAGE_HEAD_SIZE) };
}

/** An object header of version 1 in one block. */
export function objectHeaderBytes(messages: readonly NewMessage[]): Uint8Array {
  const content = messageBytes(messages);
  const fields = new FieldWriter().uint8(1, 0).uint16(messages.length).uint32(1).uint32(content.length).uint32(0);
  return fields.bytes(content).finish();
}
