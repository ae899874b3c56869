/**
 * Groups ("The HDF5 File Format Specification", III.A to III.D and IV.A.2.g): names of objects and where they are. A
 * group keeps its names in a local heap, under a B-tree of symbol table nodes; or, in newer files, in its own header.
 */
import { FieldWriter } from "./field-writer.js";
import type { Hdf5File } from "./local-file.js";
import { malformedHdf5, unsupportedHdf5 } from "./malformed.js";
import { findMessage, MESSAGE, messageFields, type ObjectHeader } from "./objects/object-header.js";
import { GROUP_LEAF_WIDTH, GROUP_TREE_WIDTH } from "./superblock.js";

const MAX_TREE_DEPTH = 16;
const SYMBOL_BYTES = 40;
const TREE_NODE_HEAD = 24;

/** Addresses of the object headers in a group, by name. */
export async function readGroup(file: Hdf5File, header: ObjectHeader): Promise<Map<string, number>> {
  const table = findMessage(header, MESSAGE.symbolTable, "symbol table");
  if (table === undefined) return readLinks(header);
  const treeAddress = table.definedAddress();
  const heap = await readLocalHeap(file, table.definedAddress(), header.subject);
  const children = new Map<string, number>();
  const pending = [{ at: treeAddress, depth: 0 }];
  const seen = new Set<number>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node.at) || node.depth > MAX_TREE_DEPTH)
      throw malformedHdf5(`${header.subject}: its B-tree forms a ring`);
    seen.add(node.at);
    const { level, addresses } = await readGroupTreeNode(file, node.at, header.subject);
    for (const at of addresses) {
      if (level > 0) pending.push({ at, depth: node.depth + 1 });
      else await readSymbolNode(file, at, heap, children, header.subject);
    }
  }
  return children;
}

async function readGroupTreeNode(file: Hdf5File, at: number, subject: string) {
  const head = await file.fields(at, TREE_NODE_HEAD, `${subject}: B-tree`);
  head.expectSignature("TREE");
  if (head.uint8() !== 0) throw malformedHdf5(`${subject}: its B-tree is none of a group`);
  const level = head.uint8();
  const used = head.uint16();
  const fields = await file.fields(at + TREE_NODE_HEAD, used * 16, `${subject}: B-tree`);
  const addresses = Array.from({ length: used }, () => {
    fields.skip(8);
    return fields.definedAddress();
  });
  return { level, addresses };
}

async function readSymbolNode(
  file: Hdf5File,
  at: number,
  heap: Uint8Array,
  children: Map<string, number>,
  subject: string,
): Promise<void> {
  const head = await file.fields(at, 8, `${subject}: symbol table`);
  head.expectSignature("SNOD");
  head.skip(2);
  const count = head.uint16();
  const fields = await file.fields(at + 8, count * SYMBOL_BYTES, `${subject}: symbol table`);
  for (let index = 0; index < count; index++) {
    const name = heapText(heap, fields.uint64(), subject);
    const address = fields.definedAddress();
    const cached = fields.uint32();
    fields.skip(20);
    if (cached !== 2) children.set(name, address);
  }
}

function heapText(heap: Uint8Array, at: number, subject: string): string {
  const end = heap.indexOf(0, at);
  if (at >= heap.length || end < 0) throw malformedHdf5(`${subject}: a name lies outside its heap`);
  return new TextDecoder().decode(heap.subarray(at, end));
}

async function readLocalHeap(file: Hdf5File, at: number, subject: string): Promise<Uint8Array> {
  const fields = await file.fields(at, 32, `${subject}: local heap`);
  fields.expectSignature("HEAP");
  fields.skip(4);
  const length = fields.uint64();
  fields.skip(8);
  return (await file.fields(fields.definedAddress(), length, `${subject}: local heap`)).bytes;
}

/** Links kept in the group's header. */
function readLinks(header: ObjectHeader): Map<string, number> {
  const info = findMessage(header, MESSAGE.linkInfo, "link info");
  if (info !== undefined) {
    info.skip(1);
    if (info.uint8() & 1) info.skip(8);
    if (info.address() !== undefined) throw unsupportedHdf5("densely stored links");
  }
  const children = new Map<string, number>();
  for (const message of header.messages) {
    if (message.type !== MESSAGE.link) continue;
    const fields = messageFields(message, `${header.subject}: link`);
    fields.skip(1);
    const flags = fields.uint8();
    const kind = flags & 8 ? fields.uint8() : 0;
    if (flags & 4) fields.skip(8);
    if (flags & 16) fields.skip(1);
    const name = fields.text(fields.unsigned(1 << (flags & 3)));
    if (kind === 0) children.set(name, fields.definedAddress());
  }
  return children;
}

/** What a group with a symbol table is made of, besides its object header; each part's address is given. */
export interface GroupParts {
  readonly tree: Uint8Array;
  readonly heap: Uint8Array;
  readonly symbols: Uint8Array;
}

export const GROUP_TREE_SIZE = TREE_NODE_HEAD + (4 * GROUP_TREE_WIDTH + 1) * 8;
export const GROUP_SYMBOLS_SIZE = 8 + 2 * GROUP_LEAF_WIDTH * SYMBOL_BYTES;
const HEAP_HEAD = 32;

export interface GroupChild {
  readonly name: string;
  readonly headerAddress: number;
  /** For a child that is a group: where its B-tree and heap are. */
  readonly group?: { readonly treeAddress: number; readonly heapAddress: number };
}

/** Bytes of the heap of a group with children of these names. */
export function groupHeapSize(names: readonly string[]): number {
  return HEAP_HEAD + heapContent(names).content.length;
}

/** The parts of a group of up to eight children, for the addresses given. */
export function groupParts(
  children: readonly GroupChild[],
  addresses: { readonly heap: number; readonly symbols: number },
): GroupParts {
  if (children.length > 2 * GROUP_LEAF_WIDTH) throw new RangeError("a new group has at most eight children");
  const sorted = [...children].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { content, offsets, free } = heapContent(sorted.map(({ name }) => name));
  const heap = new FieldWriter().text("HEAP").uint32(0).uint64(content.length).uint64(free);
  heap.address(addresses.heap + HEAP_HEAD).bytes(content);
  const symbols = new FieldWriter().text("SNOD").uint8(1, 0).uint16(sorted.length);
  for (const [index, child] of sorted.entries()) {
    symbols.uint64(offsets[index]!).address(child.headerAddress);
    if (child.group === undefined) symbols.fill(24);
    else symbols.uint32(1).uint32(0).address(child.group.treeAddress).address(child.group.heapAddress);
  }
  symbols.fill(GROUP_SYMBOLS_SIZE - symbols.length);
  const tree = new FieldWriter().text("TREE").uint8(0, 0).uint16(1).address(undefined).address(undefined);
  tree
    .uint64(0)
    .address(addresses.symbols)
    .uint64(offsets.at(-1) ?? 0);
  tree.fill(GROUP_TREE_SIZE - tree.length);
  return { tree: tree.finish(), heap: heap.finish(), symbols: symbols.finish() };
}

/** Names in a local heap, each on a multiple of 8, then 24 free bytes. */
function heapContent(names: readonly string[]): { content: Uint8Array; offsets: number[]; free: number } {
  const content = new FieldWriter().fill(8);
  const offsets: number[] = [];
  for (const name of [...names].sort()) {
    offsets.push(content.length);
    content.text(name).uint8(0).align8();
  }
  const free = content.length;
  content.uint64(1).uint64(24).fill(8);
  return { content: content.finish(), offsets, free };
}
