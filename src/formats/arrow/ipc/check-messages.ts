/** Looks at all lengths that a file of Arrow's IPC format claims, before Apache Arrow makes room for them. */
import type { FileHandle } from "../../node.js";
import { FlatTable } from "./flatbuffer.js";

export interface IpcFile {
  readonly handle: Pick<FileHandle, "read">;
  readonly size: number;
}

/** Numbers of fields in Message.fbs, Schema.fbs and File.fbs. */
const MESSAGE = { headerType: 1, header: 2, bodyLength: 3 };
const SCHEMA = { fields: 1, metadata: 2 };
const FIELD = { children: 5, metadata: 6 };
const BATCH = { length: 0, nodes: 1, buffers: 2 };
const DICTIONARY = { batch: 1 };
const FOOTER = { schema: 1, dictionaries: 2, batches: 3, metadata: 4 };
/** Kinds of messages (Message.fbs, `MessageHeader`). */
const HEADER = { schema: 1, dictionary: 2, batch: 3 };

const CONTINUATION = -1;
/** Two integers: where and how long, or how many and how many of them are null. */
const PAIR = 2;
/** A block of a footer: where, length of the metadata, length of the body. */
const BLOCK = 3;
/** Bytes a field of a schema takes at least. */
const LEAST_FIELD = 8;
const MOST_DEPTH = 64;
/** A batch holds at least a bit a row, unless its columns are of the Null type. */
const ROWS_A_BYTE = 8;

/** Checks the messages one after the other. @throws RangeError for what cannot be */
export async function checkStream(file: IpcFile): Promise<void> {
  for (let at = 0; at < file.size; ) {
    const message = await messageAt(file, at);
    if (message === undefined) return;
    at = message.end;
  }
}

/** Checks the messages that the footer, the last `footerBytes` before `footerEnd`, lists. @throws RangeError */
export async function checkBlocks(file: IpcFile, footerBytes: number, footerEnd: number): Promise<void> {
  const footer = FlatTable.root(await read(file, footerEnd - footerBytes, footerBytes));
  checkSchema(footer.table(FOOTER.schema), footerBytes);
  footer.list(FOOTER.metadata, 4);
  for (const list of [FOOTER.dictionaries, FOOTER.batches]) {
    for (const [offset] of footer.structs(list, BLOCK)) {
      if (offset! < 0n || offset! > BigInt(file.size)) throw new RangeError(`a message at byte ${offset}`);
      await messageAt(file, Number(offset));
    }
  }
}

/** Checks one message, of which `bodyBytes` have come besides the header. @throws RangeError */
export function checkIpcMessage(header: Uint8Array, bodyBytes: number): void {
  const message = FlatTable.root(header);
  const bodyLength = message.length64(MESSAGE.bodyLength);
  if (bodyLength !== bodyBytes) throw new RangeError(`a body of ${bodyBytes} bytes that claims ${bodyLength}`);
  checkHeader(message, header.byteLength, bodyLength, header.byteLength + bodyBytes);
}

/** Undefined at the end of a stream. */
async function messageAt(file: IpcFile, start: number): Promise<{ readonly end: number } | undefined> {
  const prefix = new DataView((await read(file, start, Math.min(8, file.size - start))).buffer);
  if (prefix.byteLength < 4) return undefined;
  const isLegacy = prefix.getInt32(0, true) !== CONTINUATION;
  const prefixBytes = isLegacy ? 4 : 8;
  if (prefix.byteLength < prefixBytes) return undefined;
  const length = prefix.getInt32(prefixBytes - 4, true);
  if (length === 0) return undefined;
  const at = start + prefixBytes;
  const message = FlatTable.root(await read(file, at, length));
  const bodyLength = message.length64(MESSAGE.bodyLength);
  const end = at + length + bodyLength;
  if (end > file.size) throw new RangeError(`a message that ends at byte ${end} of ${file.size}`);
  checkHeader(message, length, bodyLength, file.size);
  return { end };
}

function checkHeader(message: FlatTable, messageBytes: number, bodyLength: number, fileSize: number): void {
  const header = message.table(MESSAGE.header);
  const type = message.uint8(MESSAGE.headerType);
  if (type === HEADER.schema) checkSchema(header, messageBytes);
  if (type === HEADER.batch) checkBatch(header, bodyLength, fileSize);
  if (type === HEADER.dictionary) checkBatch(header?.table(DICTIONARY.batch), bodyLength, fileSize);
}

function checkSchema(schema: FlatTable | undefined, messageBytes: number): void {
  if (schema === undefined) throw new RangeError("there is no schema");
  schema.list(SCHEMA.metadata, 4);
  let left = messageBytes / LEAST_FIELD;
  const check = (field: FlatTable, depth: number) => {
    if (--left < 0 || depth > MOST_DEPTH) throw new RangeError("its fields go in circles");
    field.list(FIELD.metadata, 4);
    for (const child of field.tables(FIELD.children)) check(child, depth + 1);
  };
  for (const field of schema.tables(SCHEMA.fields)) check(field, 0);
}

function checkBatch(batch: FlatTable | undefined, bodyLength: number, fileSize: number): void {
  if (batch === undefined) throw new RangeError("there is no batch");
  const rows = batch.length64(BATCH.length);
  if (rows > ROWS_A_BYTE * fileSize) throw new RangeError(`a batch of ${rows} rows`);
  for (const [length] of batch.structs(BATCH.nodes, PAIR)) {
    if (length! < 0n || length! > BigInt(ROWS_A_BYTE * fileSize)) throw new RangeError(`a column of ${length} rows`);
  }
  for (const [offset, length] of batch.structs(BATCH.buffers, PAIR)) {
    const end = offset! + length!;
    if (offset! < 0n || length! < 0n || end > BigInt(bodyLength)) throw new RangeError(`a buffer up to byte ${end}`);
  }
}

async function read({ handle, size }: IpcFile, at: number, length: number): Promise<Uint8Array> {
  if (!(length > 0 && at >= 0 && at + length <= size)) throw new RangeError(`bytes ${at} to ${at + length} of ${size}`);
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}
