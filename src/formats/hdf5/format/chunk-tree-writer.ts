import {
  type ChunkShape,
  type ChunkTree,
  type ChunkTreeNode,
  chunkTreeNodeSize,
  TREE_NODE_HEAD_SIZE,
} from "./chunk-tree.js";
import { FieldWriter } from "./field-writer.js";
import type { FileSpace } from "./file-space.js";
import type { LocalFile } from "./local-file.js";

/** Adds chunks to the end of a chunk tree. Nodes that are full stay as they are; new ones go to the end of the file. */
export class ChunkTreeWriter {
  readonly #width: number;
  readonly #shape: ChunkShape;
  /** Last node of each level, leaf first. */
  readonly #lastNodes: ChunkTreeNode[];
  readonly #fresh = new Set<ChunkTreeNode>();
  readonly #changed = new Set<ChunkTreeNode>();
  #chunkCount: number;

  constructor(tree: ChunkTree, width: number, shape: ChunkShape) {
    this.#width = width;
    this.#shape = shape;
    this.#lastNodes = [...tree.lastNodes];
    this.#chunkCount = tree.chunkAddresses.length;
  }

  /** Address of the tree's root. */
  get rootAddress(): number | undefined {
    return this.#lastNodes.at(-1)?.at;
  }

  /** Adds the next chunk. */
  add(address: number, space: FileSpace): void {
    this.#insert(0, this.#chunkCount, address, space);
    this.#chunkCount++;
    // Each last node states where its chunks end.
    for (const node of this.#lastNodes) this.#markChanged(node);
  }

  #insert(level: number, firstChunk: number, child: number, space: FileSpace): void {
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
    if (lastWasRoot) this.#insert(level + 1, last.firstChunks[0]!, last.at, space);
    this.#insert(level + 1, firstChunk, node.at, space);
  }

  #newNode(
    level: number,
    firstChunk: number,
    child: number,
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
    return node;
  }

  #markChanged(node: ChunkTreeNode): void {
    if (!this.#fresh.has(node)) this.#changed.add(node);
  }

  /** Writes the new nodes, to which nothing points yet. */
  async writeFresh(file: LocalFile): Promise<void> {
    for (const node of this.#fresh) await file.write(this.#nodeBytes(node), node.at);
  }

  /** Writes into nodes that are in use: first what their heads do not yet count, then the heads. */
  async writeChanged(file: LocalFile): Promise<void> {
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
    const fields = new FieldWriter().text("TREE").uint8(1, node.level).uint16(node.children.length);
    fields.address(node.left).address(node.right);
    for (const [index, child] of node.children.entries()) {
      fields.uint32(length * valueSize).uint32(0);
      fields.uint64(node.firstChunks[index]! * length).uint64(0);
      fields.address(child);
    }
    // The key after the last child: where the right neighbour begins, or just beyond the last chunk.
    const { rightFirstChunk } = node;
    fields.uint32(rightFirstChunk === undefined ? 0 : length * valueSize).uint32(0);
    fields.uint64((rightFirstChunk ?? this.#chunkCount) * length).uint64(rightFirstChunk === undefined ? valueSize : 0);
    return fields.fill(chunkTreeNodeSize(this.#width) - fields.length).finish();
  }
}
