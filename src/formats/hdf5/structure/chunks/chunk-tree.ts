/**
 * The index of a list's chunks: a B-tree of version 1 ("The HDF5 File Format Specification", III.A.1, node type 1), from
 * the first value of each chunk to the chunk's address.
 */
import type { Hdf5File } from "../local-file.js";
import { malformedHdf5 } from "../malformed.js";

/** What is equal for all chunks of a list. */
export interface ChunkShape {
  /** Values in a chunk. */
  readonly length: number;
  /** Bytes of a value. */
  readonly valueSize: number;
  /** Whether chunks go through filters, so that each takes its own number of bytes. */
  readonly filtered?: boolean;
}

/** Bytes of a chunk as it is without filters. */
export function chunkBytes({ length, valueSize }: ChunkShape): number {
  return length * valueSize;
}

/** Where a chunk is, and in which form. */
export interface ChunkPlace {
  readonly address: number;
  /** Bytes in the file. */
  readonly storedBytes: number;
  /** One bit a filter that it did not go through. */
  readonly skipped: number;
}

/** A node of the tree. */
export interface ChunkTreeNode {
  readonly at: number;
  /** 0 where children are chunks, not nodes. */
  readonly level: number;
  /** Number of the first chunk under each child. */
  readonly firstChunks: number[];
  /** Where the children are, each chunk in its form. */
  readonly children: ChunkPlace[];
  /** Addresses of its neighbours on the same level. */
  readonly left: number | undefined;
  right: number | undefined;
  /** Number of the first chunk under the right neighbour, where that was added by us. */
  rightFirstChunk: number | undefined;
}

export interface ChunkTree {
  /** Each chunk, by number. */
  readonly chunks: ChunkPlace[];
  /** The nodes that hold the chunks, in order. */
  readonly leaves: ChunkTreeNode[];
  /** The last node of each level, leaf first. Empty where there is no chunk yet. */
  readonly lastNodes: ChunkTreeNode[];
}

export const TREE_NODE_HEAD_SIZE = 24;
const CHUNK_KEY_SIZE = 24;
const MAX_LEVEL = 16;
const NODES_AT_ONCE = 16;

/** Bytes of a node with room for `2 * width` children. */
export function chunkTreeNodeSize(width: number): number {
  return TREE_NODE_HEAD_SIZE + (2 * width + 1) * CHUNK_KEY_SIZE + 2 * width * 8;
}

/**
 * Reads the tree at `address`, level by level.
 * @throws DataError `MALFORMED_FILE` where it is no such tree, or chunks are missing, twice there or out of the file.
 */
export async function readChunkTree(
  file: Hdf5File,
  address: number | undefined,
  width: number,
  shape: ChunkShape,
  subject: string,
): Promise<ChunkTree> {
  if (address === undefined) return { chunks: [], leaves: [], lastNodes: [] };
  const read = (at: number) => readNode(file, at, width, shape, subject);
  let nodes = [await read(address)];
  const lastNodes = [nodes[0]!];
  const seen = new Set([address]);
  while (nodes[0]!.level > 0) {
    const addresses = nodes.flatMap((node) => node.children.map(({ address }) => address));
    for (const at of addresses) {
      if (seen.has(at)) throw malformedHdf5(`${subject}: its chunk index forms a ring`);
      seen.add(at);
    }
    const level = nodes[0]!.level - 1;
    nodes = await readAll(addresses, read);
    if (nodes.length === 0 || nodes.some((node) => node.level !== level)) {
      throw malformedHdf5(`${subject}: its chunk index is uneven`);
    }
    lastNodes.unshift(nodes.at(-1)!);
  }
  return { chunks: listChunks(file, nodes, subject), leaves: nodes, lastNodes };
}

async function readAll<T>(addresses: readonly number[], read: (at: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let start = 0; start < addresses.length; start += NODES_AT_ONCE) {
    results.push(...(await Promise.all(addresses.slice(start, start + NODES_AT_ONCE).map(read))));
  }
  return results;
}

function listChunks(file: Hdf5File, leaves: readonly ChunkTreeNode[], subject: string): ChunkPlace[] {
  const chunks: ChunkPlace[] = [];
  let total = 0;
  for (const { firstChunks, children } of leaves) {
    for (const [index, chunk] of children.entries()) {
      if (firstChunks[index] !== chunks.length) throw malformedHdf5(`${subject}: chunk ${chunks.length} is missing`);
      total += chunk.storedBytes;
      if (chunk.address + chunk.storedBytes > file.size) {
        throw malformedHdf5(`${subject}: a chunk lies beyond the end of the file`);
      }
      chunks.push(chunk);
    }
  }
  if (total > file.size) throw malformedHdf5(`${subject}: its chunks overlap`);
  return chunks;
}

async function readNode(
  file: Hdf5File,
  at: number,
  width: number,
  shape: ChunkShape,
  subject: string,
): Promise<ChunkTreeNode> {
  const available = Math.max(0, file.size - at);
  const fields = await file.fields(at, Math.min(chunkTreeNodeSize(width), available), `${subject}: chunk index`);
  fields.expectSignature("TREE");
  if (fields.uint8() !== 1) throw malformedHdf5(`${subject}: its chunk index is another B-tree`);
  const level = fields.uint8();
  const used = fields.uint16();
  if (level > MAX_LEVEL) throw malformedHdf5(`${subject}: its chunk index has ${level} levels`);
  if (used > 2 * width || used === 0) throw malformedHdf5(`${subject}: its chunk index has a node of ${used} children`);
  const left = fields.address();
  const right = fields.address();
  const firstChunks: number[] = [];
  const children: ChunkPlace[] = [];
  for (let index = 0; index < used; index++) {
    const storedBytes = fields.uint32();
    const skipped = fields.uint32();
    if (!shape.filtered && (storedBytes !== chunkBytes(shape) || skipped !== 0)) {
      throw malformedHdf5(`${subject}: a chunk of ${storedBytes} bytes`);
    }
    const firstValue = fields.uint64();
    if (firstValue % shape.length !== 0) throw malformedHdf5(`${subject}: a chunk begins at value ${firstValue}`);
    fields.skip(8);
    firstChunks.push(firstValue / shape.length);
    children.push({ address: fields.definedAddress(), storedBytes, skipped });
  }
  return { at, level, firstChunks, children, left, right, rightFirstChunk: undefined };
}
