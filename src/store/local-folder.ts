/** Folders on disks of this machine: several machines cannot share memory, on which LMDB's locks rest. */
import { readFileSync, statSync } from "node:fs";
import { mkdir, realpath, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { FileError } from "../errors.js";
import { ifPossible } from "../flow/failures.js";

/** Numbers by which Linux knows the file systems that other machines may share (`statfs(2)`), and their names. */
const SHARED = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x73757245, "Coda"],
  [0x01021997, "9P"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x00c36400, "Ceph"],
  [0x19830326, "BeeGFS"],
  [0x7461636f, "OCFS2"],
  [0x01161970, "GFS2"],
  [0xaad7aaea, "PanFS"],
  [0x786f4256, "a folder shared with the host"],
  [0xbacbacbc, "a folder shared with the host"],
]);
const FUSE = 0x65735546;
/** File systems on FUSE that stay on this machine. */
const LOCAL_FUSE = /^(fuseblk|fuse\.(gocryptfs|encfs|cryfs|bindfs|mergerfs|fuse-overlayfs|ntfs-3g|lxcfs|unionfs|zfs))$/;

/** What tells of a folder: the number of its file system, and for FUSE the name of the program behind it. */
export interface FolderSystem {
  readonly type: number;
  readonly name?: string | undefined;
}

/**
 * Makes a folder, and those around it, unless it is there. Node's own way to do so has no end where a folder is that takes
 * no others, as below `/proc`.
 * @throws FileError `CANNOT_WRITE_FILE`
 */
export async function makeFolder(path: string): Promise<void> {
  await makeFolders(path).catch((cause) => {
    const why = cause.code === "EEXIST" ? "there is a file of that name" : cause.message;
    throw new FileError("CANNOT_WRITE_FILE", `Cannot make the folder ${path}: ${why}`, { path, cause });
  });
}

async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || (await isFolder(parent))) throw error;
    await makeFolders(parent);
    await mkdir(path).catch(async (again) => {
      if (!(await isFolder(path))) throw again;
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await ifPossible(stat(path)))?.isDirectory() ?? false;
}

/** Where a path leads, or the part of it that is there. */
export async function existingPart(path: string): Promise<string> {
  const found = await ifPossible(realpath(path));
  return found ?? (dirname(path) === path ? path : existingPart(dirname(path)));
}

/** The name of the network file system that `folder` is on; undefined for a local one. */
export async function networkFileSystem(folder: string, ask = folderSystem): Promise<string | undefined> {
  if (/^[\\/]{2}[^\\/]/.test(folder) && process.platform === "win32") return "SMB";
  const { type, name } = await ask(folder);
  if (type === FUSE) return name !== undefined && LOCAL_FUSE.test(name) ? undefined : `FUSE (${name ?? "unknown"})`;
  return SHARED.get(type);
}

async function folderSystem(folder: string): Promise<FolderSystem> {
  const { type } = await statfs(folder);
  const unsigned = type < 0 ? type + 2 ** 32 : type;
  return { type: unsigned, name: unsigned === FUSE ? mountedAs(statSync(folder).dev) : undefined };
}

/** The name of the file system with a device number, in this process's list of mounts. */
function mountedAs(device: number): string | undefined {
  const number = `${(device >> 8) & 0xfff}:${(device & 0xff) | ((device >> 12) & 0xfff00)}`;
  const line = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .find((mount) => mount.split(" ")[2] === number);
  return line === undefined ? undefined : / - (\S+)/.exec(line)?.[1];
}
