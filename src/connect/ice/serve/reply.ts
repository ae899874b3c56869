/**
 * Replies as a server sends them.
 */

import { reusedBuffers } from "../../../flow/reused-buffers.js";
import { OutputBuffer } from "../codec/output-buffer.js";
import { appendTails } from "../codec/split-buffer.js";
import type { IceInstance, IceOutputStream, IceRuntime } from "../transport/ice-runtime.js";
import type { IncomingRequest } from "./incoming-request.js";

/** What a request came to. */
export type Outcome =
  /** `bulk` follows the body, and is sent from where it lies. */
  | { kind: "ok"; body: Uint8Array; bulk?: Uint8Array | undefined }
  | { kind: "userException"; body: Uint8Array }
  | { kind: "noSuchObject" | "noSuchFacet" | "noSuchOperation" }
  /** `text` begins with the Ice id of the exception, if it is one. */
  | { kind: "unknownLocalException" | "unknownUserException" | "unknownException"; text: string };

const STATUS: Record<Outcome["kind"], number> = {
  ok: 0,
  userException: 1,
  noSuchObject: 2,
  noSuchFacet: 3,
  noSuchOperation: 4,
  unknownLocalException: 5,
  unknownUserException: 6,
  unknownException: 7,
};

/** Magic, protocol 1.0, protocol encoding 1.0, reply, not compressed; Ice fills in the size. */
const HEADER = Uint8Array.of(0x49, 0x63, 0x65, 0x50, 1, 0, 1, 0, 2, 0, 0, 0, 0, 0);
const PREFIX_SIZE = HEADER.length + 4 + 1;
const ENCAPSULATION_HEADER = 6;

/** A reply whose body would make the message larger than `sizeMax` becomes one that says so. */
export function writeReply(
  ice: IceRuntime,
  instance: IceInstance,
  requestId: number,
  request: IncomingRequest,
  outcome: Outcome,
  sizeMax: number,
): IceOutputStream {
  const content = encodeContent(request, outcome);
  const size = PREFIX_SIZE + content.header.length + content.tail.length;
  if (size > sizeMax) {
    const text = `::Ice::MemoryLimitException: an answer of ${size} bytes exceeds the limit of ${sizeMax}`;
    return writeReply(ice, instance, requestId, request, { kind: "unknownLocalException", text }, sizeMax + size);
  }
  const stream = new ice.OutputStream(instance, ice.Encoding_1_0);
  stream.writeBlob(HEADER);
  stream.writeInt(requestId);
  stream.writeByte(STATUS[outcome.kind]);
  stream.writeBlob(content.header);
  appendTails(ice, stream, [content.tail], () => reusedBuffers.giveBack(content.tail));
  return stream;
}

const NOTHING = new Uint8Array(0);

interface Content {
  readonly header: Uint8Array;
  readonly tail: Uint8Array;
}

function encodeContent(request: IncomingRequest, outcome: Outcome): Content {
  const output = new OutputBuffer();
  switch (outcome.kind) {
    case "ok":
    case "userException": {
      const bulk = outcome.kind === "ok" ? outcome.bulk : undefined;
      output.writeInt(outcome.body.length + (bulk?.length ?? 0) + ENCAPSULATION_HEADER);
      for (const part of request.encoding.split(".")) output.writeByte(Number(part));
      if (bulk) output.writeRaw(outcome.body);
      return { header: output.toBytes(), tail: bulk ?? outcome.body };
    }
    case "noSuchObject":
    case "noSuchFacet":
    case "noSuchOperation":
      output.writeString(request.identity.name);
      output.writeString(request.identity.category);
      output.writeSize(request.facet === "" ? 0 : 1);
      if (request.facet !== "") output.writeString(request.facet);
      output.writeString(request.operation);
      return { header: output.toBytes(), tail: NOTHING };
    default:
      output.writeString(outcome.text);
      return { header: output.toBytes(), tail: NOTHING };
  }
}
