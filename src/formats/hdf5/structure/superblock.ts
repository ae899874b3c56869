/** Superblocks ("The HDF5 File Format Specification", II.A): where an HDF5 file begins. */
import { FieldWriter } from "./field-writer.js";
import type { Hdf5File } from "./local-file.js";
import { malformedHdf5, unsupportedHdf5 } from "./malformed.js";

/** The first eight bytes of an HDF5 file. */
export const HDF5_SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** Children of a node of a chunk B-tree are at most twice this, where a file does not say otherwise. */
const DEFAULT_CHUNK_TREE_WIDTH = 32;

export interface Superblock {
  readonly version: number;
  /** Of the root group's object header. */
  readonly rootAddress: number;
  /** Where the file ends by its own account, from its beginning on; what follows is not part of it. */
  readonly endOfFile: number;
  /** Offset of that number in the file. Its superblock holds a checksum too if `version` is over 1. */
  readonly endOfFileAt: number;
  readonly chunkTreeWidth: number;
}

/** Whether bytes begin as an HDF5 file does. */
export function hasHdf5Signature(bytes: Uint8Array): boolean {
  return bytes.length >= HDF5_SIGNATURE.length && HDF5_SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * @throws DataError `MALFORMED_FILE` for a file that is not HDF5, or ends before it should.
 * @throws DataError `UNSUPPORTED_TYPE` for one that counts in other than 8 bytes.
 */
export async function readSuperblock(file: Hdf5File): Promise<Superblock> {
  file.base = await findSuperblock(file);
  const fields = await file.fields(0, Math.min(file.size, 128), "superblock");
  fields.skip(HDF5_SIGNATURE.length);
  const version = fields.uint8();
  if (version > 3) throw unsupportedHdf5(`superblock version ${version}`);
  const newer = version >= 2;
  if (!newer) fields.skip(4);
  if (fields.uint8() !== 8 || fields.uint8() !== 8) throw unsupportedHdf5("addresses of other than 8 bytes");
  let chunkTreeWidth = DEFAULT_CHUNK_TREE_WIDTH;
  if (newer) fields.skip(1);
  else {
    fields.skip(9);
    if (version === 1) {
      chunkTreeWidth = fields.uint16();
      fields.skip(2);
    }
  }
  if (fields.definedAddress() !== file.base) throw unsupportedHdf5("a base address elsewhere than at its beginning");
  if (fields.address() !== undefined && newer) throw unsupportedHdf5("a superblock extension");
  const endOfFileAt = fields.position;
  const endOfFile = fields.definedAddress() - file.base;
  if (!newer) fields.skip(16);
  const rootAddress = fields.definedAddress();
  if (endOfFile > file.size) {
    throw malformedHdf5(`the file is cut short: it should have ${endOfFile} bytes and has ${file.size}`);
  }
  return { version, rootAddress, endOfFile, endOfFileAt, chunkTreeWidth };
}

/** A superblock may also stand at byte 512, 1024, 2048 and so on, behind what someone else put before it. */
async function findSuperblock(file: Hdf5File): Promise<number> {
  for (let at = 0; at + HDF5_SIGNATURE.length <= file.size; at = at === 0 ? 512 : 2 * at) {
    const { bytes } = await file.fields(at, HDF5_SIGNATURE.length, "superblock");
    if (hasHdf5Signature(bytes)) return at;
  }
  throw malformedHdf5(file.size === 0 ? "the file is empty" : "the file is not HDF5: its signature is missing");
}

/** Bytes of a superblock of version 0, the root group's symbol table entry included. */
export const SUPERBLOCK_SIZE = 96;

export interface RootGroup {
  readonly headerAddress: number;
  readonly treeAddress: number;
  readonly heapAddress: number;
}

/** A superblock of version 0, as PyTables writes it. */
export function superblockBytes(root: RootGroup, endOfFile: number): Uint8Array {
  const fields = new FieldWriter().bytes(HDF5_SIGNATURE).uint8(0, 0, 0, 0, 0, 8, 8, 0);
  fields.uint16(GROUP_LEAF_WIDTH).uint16(GROUP_TREE_WIDTH).uint32(0);
  fields.address(0).address(undefined).address(endOfFile).address(undefined);
  fields.uint64(0).address(root.headerAddress).uint32(1).uint32(0);
  return fields.address(root.treeAddress).address(root.heapAddress).finish();
}

/** Children of a group's symbol table node, and of its B-tree's nodes, are at most twice these. */
export const GROUP_LEAF_WIDTH = 4;
export const GROUP_TREE_WIDTH = 16;
