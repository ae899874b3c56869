import { FieldWriter } from "./field-writer.js";
import type { FileSpace } from "./file-space.js";
import type { Hdf5File } from "./local-file.js";
import { unsupportedHdf5 } from "./malformed.js";
import { MESSAGE, needMessage, type ObjectHeader } from "./objects/object-header.js";
import { GROUP_LEAF_WIDTH } from "./superblock.js";

const SYMBOL_BYTES = 40;
const TREE_HEAD = 24;
const FREE_BLOCK = 32;

/**
 * Adds a child to a group of fewer than eight, which all files of OMERO.tables have.
 * @param settle puts what was written at the end of the file on the disk.
 * @throws DataError `UNSUPPORTED_TYPE` where the group is larger or kept in another way.
 */
export async function addGroupChild(
  file: Hdf5File,
  space: FileSpace,
  group: ObjectHeader,
  child: { readonly name: string; readonly headerAddress: number },
  settle: () => Promise<void>,
): Promise<void> {
  const table = needMessage(group, MESSAGE.symbolTable, "symbol table");
  const treeAddress = table.definedAddress();
  const heapAddress = table.definedAddress();
  const heap = await openHeap(file, heapAddress, group.subject);
  const node = await openOnlyNode(file, treeAddress, group.subject);
  const nameAt = heap.content.length;
  const content = new FieldWriter().bytes(heap.content).text(child.name).uint8(0).align8();
  const freeAt = content.length;
  content
    .uint64(1)
    .uint64(FREE_BLOCK)
    .fill(FREE_BLOCK - 16);
  const contentAddress = space.allocate(content.length);
  await file.write(content.finish(), contentAddress);
  await settle();

  const head = new FieldWriter().uint64(content.length).uint64(freeAt).address(contentAddress);
  await file.write(head.finish(), heapAddress + 8);
  const symbol = new FieldWriter().uint64(nameAt).address(child.headerAddress).fill(24).finish();
  const symbols = insertSorted(node.symbols, heap.content, symbol, child.name);
  const bytes = new FieldWriter().text("SNOD").uint8(1, 0).uint16(symbols.length);
  for (const entry of symbols) bytes.bytes(entry);
  await file.write(bytes.finish(), node.at);
  const lastName = symbols.at(-1)!.subarray(0, 8);
  await file.write(lastName, treeAddress + TREE_HEAD + 16);
}

async function openHeap(file: Hdf5File, at: number, subject: string) {
  const fields = await file.fields(at, 32, `${subject}: local heap`);
  fields.expectSignature("HEAP");
  fields.skip(4);
  const length = fields.uint64();
  fields.skip(8);
  return { content: (await file.fields(fields.definedAddress(), length, `${subject}: local heap`)).bytes };
}

async function openOnlyNode(file: Hdf5File, treeAddress: number, subject: string) {
  const tree = await file.fields(treeAddress, TREE_HEAD + 24, `${subject}: B-tree`);
  tree.expectSignature("TREE");
  tree.skip(1);
  if (tree.uint8() !== 0 || tree.uint16() !== 1) throw unsupportedHdf5("a large group");
  tree.skip(16 + 8);
  const at = tree.definedAddress();
  const head = await file.fields(at, 8, `${subject}: symbol table`);
  head.expectSignature("SNOD");
  head.skip(2);
  const count = head.uint16();
  if (count >= 2 * GROUP_LEAF_WIDTH) throw unsupportedHdf5("a large group");
  const fields = await file.fields(at + 8, count * SYMBOL_BYTES, `${subject}: symbol table`);
  return { at, symbols: Array.from({ length: count }, () => fields.take(SYMBOL_BYTES)) };
}

/** Symbols in the order of their names. */
function insertSorted(
  symbols: readonly Uint8Array[],
  heap: Uint8Array,
  added: Uint8Array,
  addedName: string,
): Uint8Array[] {
  const nameOf = (symbol: Uint8Array) => {
    const at = Number(new DataView(symbol.buffer, symbol.byteOffset).getBigUint64(0, true));
    return new TextDecoder().decode(heap.subarray(at, heap.indexOf(0, at)));
  };
  const index = symbols.findIndex((symbol) => nameOf(symbol) > addedName);
  return symbols.toSpliced(index < 0 ? symbols.length : index, 0, added);
}
