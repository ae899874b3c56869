/** Object headers ("The HDF5 File Format Specification", IV.A): the list of messages that make an object. */
import type { FieldReader } from "../field-reader.js";
import { FieldReader as Fields } from "../field-reader.js";
import type { Hdf5File } from "../local-file.js";
import { malformedHdf5, unsupportedHdf5 } from "../malformed.js";

export const MESSAGE = {
  nil: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fillValue: 0x05,
  link: 0x06,
  dataLayout: 0x08,
  filterPipeline: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  modificationTime: 0x12,
  chunkTreeWidth: 0x13,
  attributeInfo: 0x15,
} as const;

const SHARED = 2;

export interface HeaderMessage {
  readonly type: number;
  readonly flags: number;
  /** Offset of the message's content in the file; its 8-byte head stands before it in headers of version 1. */
  readonly at: number;
  readonly content: Uint8Array;
}

export interface ObjectHeader {
  readonly subject: string;
  readonly version: 1 | 2;
  readonly at: number;
  readonly messages: readonly HeaderMessage[];
}

interface Block {
  readonly at: number;
  readonly length: number;
}

/** @param what names the object in errors. */
export async function readObjectHeader(file: Hdf5File, at: number, subject: string): Promise<ObjectHeader> {
  const probe = await file.fields(at, 16, `${subject}: object header`);
  const version = probe.bytes[0] === 1 ? 1 : 2;
  const first = version === 1 ? firstBlockV1(probe, at) : await firstBlockV2(file, at, subject);
  const messages: HeaderMessage[] = [];
  const blocks: Block[] = [first];
  const seen = new Set<number>();
  let total = 0;
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    total += block.length;
    if (seen.has(block.at) || total > file.size) throw malformedHdf5(`${subject}: its header's blocks form a ring`);
    seen.add(block.at);
    const fields = await file.fields(block.at, block.length, `${subject}: object header`);
    const found = version === 1 ? messagesV1(fields, block.at) : messagesV2(fields, block, first);
    for (const message of found) {
      if (message.type === MESSAGE.continuation) blocks.push(continuation(message, version, subject));
      messages.push(message);
    }
  }
  return { subject, version, at, messages };
}

interface FirstBlock extends Block {
  /** Whether each message carries its creation order (version 2). */
  readonly creationOrder: boolean;
}

function firstBlockV1(fields: FieldReader, at: number): FirstBlock {
  fields.skip(8);
  return { at: at + 16, length: fields.uint32(), creationOrder: false };
}

async function firstBlockV2(file: Hdf5File, at: number, subject: string): Promise<FirstBlock> {
  const fields = await file.fields(at, Math.min(64, file.size - at), `${subject}: object header`);
  fields.expectSignature("OHDR");
  const version = fields.uint8();
  if (version !== 2) throw malformedHdf5(`${subject}: object header version ${version} is unknown`);
  const flags = fields.uint8();
  if (flags & 0x20) fields.skip(16);
  if (flags & 0x10) fields.skip(4);
  const length = fields.unsigned(1 << (flags & 3));
  return { at: at + fields.position, length, creationOrder: (flags & 4) !== 0 };
}

function messagesV1(fields: FieldReader, blockAt: number): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  while (fields.remaining >= 8) {
    const type = fields.uint16();
    const length = fields.uint16();
    const flags = fields.uint8();
    fields.skip(3);
    messages.push({ type, flags, at: blockAt + fields.position, content: fields.take(length) });
  }
  return messages;
}

function messagesV2(fields: FieldReader, block: Block, first: FirstBlock): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const { creationOrder } = first;
  const headLength = creationOrder ? 6 : 4;
  if (block !== first) fields.expectSignature("OCHK");
  while (fields.remaining >= headLength) {
    const type = fields.uint8();
    const length = fields.uint16();
    const flags = fields.uint8();
    if (creationOrder) fields.skip(2);
    messages.push({ type, flags, at: block.at + fields.position, content: fields.take(length) });
  }
  return messages;
}

function continuation({ content }: HeaderMessage, version: 1 | 2, subject: string): Block {
  const fields = new Fields(content, `${subject}: continuation`);
  const at = fields.definedAddress();
  const length = fields.uint64();
  // A continued block of version 2 ends with a checksum.
  return { at, length: version === 1 ? length : Math.max(0, length - 4) };
}

/** The content of the one message of a type, or undefined where there is none. */
export function findMessage(header: ObjectHeader, type: number, subject: string): FieldReader | undefined {
  const message = header.messages.find((candidate) => candidate.type === type);
  return message === undefined ? undefined : messageFields(message, `${header.subject}: ${subject}`);
}

/** The content of the one message of a type. @throws DataError `MALFORMED_FILE` where there is none. */
export function needMessage(header: ObjectHeader, type: number, subject: string): FieldReader {
  const fields = findMessage(header, type, subject);
  if (fields === undefined) throw malformedHdf5(`${header.subject} has no ${subject}`);
  return fields;
}

export function messageFields(message: HeaderMessage, subject: string): FieldReader {
  if (message.flags & SHARED) throw unsupportedHdf5("shared header messages");
  return new Fields(message.content, subject);
}
