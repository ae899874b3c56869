import { FieldWriter } from "./field-writer.js";
import { GROUP_SYMBOLS_SIZE, GROUP_TREE_SIZE, type GroupChild, groupHeapSize, groupParts } from "./group.js";
import { type NewMessage, objectHeaderBytes } from "./objects/header-bytes.js";
import { MESSAGE } from "./objects/object-header.js";
import { type RootGroup, SUPERBLOCK_SIZE, superblockBytes } from "./superblock.js";

/** Where a group is. */
export interface PlacedGroup {
  readonly headerAddress: number;
  readonly group: { readonly treeAddress: number; readonly heapAddress: number };
}

/** Puts the parts of a new file one after the other, each on a multiple of 8; parts before what points to them. */
export class FileLayout {
  readonly #parts: { at: number; bytes: Uint8Array }[] = [];
  #end = SUPERBLOCK_SIZE;

  /** Puts bytes into the file. Returns their address. */
  bytes(bytes: Uint8Array): number {
    const at = this.#reserve(bytes.length);
    this.#parts.push({ at, bytes });
    return at;
  }

  /** Puts an object made of messages into the file. */
  object(messages: readonly NewMessage[]): number {
    return this.bytes(objectHeaderBytes(messages));
  }

  group(children: readonly GroupChild[], attributes: readonly NewMessage[]): PlacedGroup {
    const symbolsAddress = this.#reserve(GROUP_SYMBOLS_SIZE);
    const treeAddress = this.#reserve(GROUP_TREE_SIZE);
    const heapAddress = this.#reserve(groupHeapSize(children.map(({ name }) => name)));
    const { symbols, tree, heap } = groupParts(children, { heap: heapAddress, symbols: symbolsAddress });
    this.#parts.push(
      { at: symbolsAddress, bytes: symbols },
      { at: treeAddress, bytes: tree },
      { at: heapAddress, bytes: heap },
    );
    const content = new FieldWriter().address(treeAddress).address(heapAddress).finish();
    const headerAddress = this.object([{ type: MESSAGE.symbolTable, content }, ...attributes]);
    return { headerAddress, group: { treeAddress, heapAddress } };
  }

  /** The whole file. */
  finish({ headerAddress, group }: PlacedGroup): Uint8Array {
    const root: RootGroup = { headerAddress, ...group };
    const bytes = new Uint8Array(this.#end);
    bytes.set(superblockBytes(root, this.#end));
    for (const part of this.#parts) bytes.set(part.bytes, part.at);
    return bytes;
  }

  #reserve(length: number): number {
    const at = this.#end;
    this.#end += Math.ceil(length / 8) * 8;
    return at;
  }
}
