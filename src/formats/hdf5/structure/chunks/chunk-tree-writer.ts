import { FieldWriter } from "../field-writer.js";
import type { FileSpace } from "../file-space.js";
import type { Hdf5File } from "../local-file.js";
import {
  type ChunkPlace,
  type ChunkShape,
  type ChunkTree,
  type ChunkTreeNode,
  chunkBytes,
  chunkTreeNodeSize,
  TREE_NODE_HEAD_SIZE,
} from "./chunk-tree.js";

/**
 * Adds chunks to the end of a chunk tree, and says of chunks that they moved. Nodes that are full stay where they are; new
 * ones go to the end of the file.
 */
export class ChunkTreeWriter {
  readonly #width: number;
  readonly #shape: ChunkShape;
  /** Last node of each level, leaf first. */
  readonly #lastNodes: ChunkTreeNode[];
  readonly #leaves: ChunkTreeNode[];
  readonly #fresh = new Set<ChunkTreeNode>();
  readonly #changed = new Set<ChunkTreeNode>();
  #chunkCount: number;

  constructor(tree: ChunkTree, width: number, shape: ChunkShape) {
    this.#width = width;
    this.#shape = shape;
    this.#lastNodes = [...tree.lastNodes];
    this.#leaves = [...tree.leaves];
    this.#chunkCount = tree.chunks.length;
  }

  /** Address of the tree's root. */
  get rootAddress(): number | undefined {
    return this.#lastNodes.at(-1)?.at;
  }

  /** Adds the next chunk. */
  add(chunk: ChunkPlace, space: FileSpace): void {
    this.#insert(0, this.#chunkCount, chunk, space);
    this.#chunkCount++;
    // Each last node states where its chunks end.
    for (const node of this.#lastNodes) this.#markChanged(node);
  }

  /** Says where a chunk is that was added before. */
  move(number: number, chunk: ChunkPlace): void {
    const leaf = this.#leaves.findLast(({ firstChunks }) => firstChunks[0]! <= number)!;
    leaf.children[number - leaf.firstChunks[0]!] = chunk;
    this.#markChanged(leaf);
  }

  #insert(level: number, firstChunk: number, child: ChunkPlace, space: FileSpace): void {
    const last = this.#lastNodes[level];
    if (last !== undefined && last.children.length < 2 * this.#width) {
      last.firstChunks.push(firstChunk);
      last.children.push(child);
      return;
    }
    const node = this.#newNode(level, firstChunk, child, last, space);
    if (last === undefined) return;
    last.right = node.at;
    last.rightFirstChunk = firstChunk;
    this.#markChanged(last);
    const lastWasRoot = level + 1 === this.#lastNodes.length;
    if (lastWasRoot) this.#insert(level + 1, last.firstChunks[0]!, placeOf(last), space);
    this.#insert(level + 1, firstChunk, placeOf(node), space);
  }

  #newNode(
    level: number,
    firstChunk: number,
    child: ChunkPlace,
    left: ChunkTreeNode | undefined,
    space: FileSpace,
  ): ChunkTreeNode {
    const node: ChunkTreeNode = {
      at: space.allocate(chunkTreeNodeSize(this.#width)),
      level,
      firstChunks: [firstChunk],
      children: [child],
      left: left?.at,
      right: undefined,
      rightFirstChunk: undefined,
    };
    this.#fresh.add(node);
    this.#lastNodes[level] = node;
    if (level === 0) this.#leaves.push(node);
    return node;
  }

  #markChanged(node: ChunkTreeNode): void {
    if (!this.#fresh.has(node)) this.#changed.add(node);
  }

  /** Writes the new nodes, to which nothing points yet. */
  async writeFresh(file: Hdf5File): Promise<void> {
    for (const node of this.#fresh) await file.write(this.#nodeBytes(node), node.at);
  }

  /** Writes into nodes that are in use: first what their heads do not yet count, then the heads. */
  async writeChanged(file: Hdf5File): Promise<void> {
    for (const node of this.#changed) {
      const bytes = this.#nodeBytes(node);
      await file.write(bytes.subarray(TREE_NODE_HEAD_SIZE), node.at + TREE_NODE_HEAD_SIZE);
      await file.write(bytes.subarray(0, TREE_NODE_HEAD_SIZE), node.at);
    }
    this.#fresh.clear();
    this.#changed.clear();
  }

  #nodeBytes(node: ChunkTreeNode): Uint8Array {
    const { length, valueSize } = this.#shape;
    const bytes = chunkBytes(this.#shape);
    const fields = new FieldWriter().text("TREE").uint8(1, node.level).uint16(node.children.length);
    fields.address(node.left).address(node.right);
    for (const [index, child] of node.children.entries()) {
      fields.uint32(child.storedBytes).uint32(child.skipped);
      fields.uint64(node.firstChunks[index]! * length).uint64(0);
      fields.address(child.address);
    }
    // The key after the last child: where the right neighbour begins, or just beyond the last chunk.
    const { rightFirstChunk } = node;
    fields.uint32(rightFirstChunk === undefined ? 0 : bytes).uint32(0);
    fields.uint64((rightFirstChunk ?? this.#chunkCount) * length).uint64(rightFirstChunk === undefined ? valueSize : 0);
    return fields.fill(chunkTreeNodeSize(this.#width) - fields.length).finish();
  }
}

/** A node as a child of the one above it, whose key repeats that of the first chunk below. */
function placeOf({ at, children }: ChunkTreeNode): ChunkPlace {
  const { storedBytes, skipped } = children[0]!;
  return { address: at, storedBytes, skipped };
}
