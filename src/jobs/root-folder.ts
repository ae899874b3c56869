/** The folder that jobs may read and write in: whoever can write to a queue reaches nothing outside of it. */
import { mkdir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { FileError, invalidArgument } from "../errors.js";
import { ifPossible } from "../flow/failures.js";

export class RootFolder {
  /** Whole path, without links in it. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws FileError `CANNOT_READ_FILE` */
  static async open(path: string): Promise<RootFolder> {
    const whole = await ifPossible(realpath(path));
    const state = whole === undefined ? undefined : await ifPossible(stat(whole));
    if (whole !== undefined && state?.isDirectory()) return new RootFolder(whole);
    throw new FileError("CANNOT_READ_FILE", `${path} is no folder: give the one that the jobs' files are in`, { path });
  }

  /** How jobs name a file: its path below this folder. @throws ArgumentError `INVALID_ARGUMENT` for one outside */
  async nameOf(path: string): Promise<string> {
    const whole = resolve(path);
    // Folders that are made later have no links in them.
    let there = dirname(whole);
    while ((await ifPossible(realpath(there))) === undefined) there = dirname(there);
    const below = relative(this.path, join(await realpath(there), relative(there, whole)));
    if (isInside(below)) return below.split(sep).join("/");
    throw invalidArgument(`${path} is outside of ${this.path}: name a folder that holds all files as root`);
  }

  /** The path of a file to read. @throws ArgumentError `INVALID_ARGUMENT` for one outside; FileError `CANNOT_READ_FILE` */
  async fileAt(name: string): Promise<string> {
    const path = this.#pathOf(name);
    const real = await realpath(path).catch((cause) => {
      const why = cause.code === "ENOENT" ? `it is not there below ${this.path}` : cause.message;
      throw new FileError("CANNOT_READ_FILE", `Cannot read ${name}: ${why}`, { path, cause });
    });
    return this.#checked(real, name);
  }

  /** The path of a file to make, whose folder is made if need be. @throws ArgumentError `INVALID_ARGUMENT` for one outside */
  async targetAt(name: string): Promise<string> {
    const path = this.#pathOf(name);
    let there = dirname(path);
    while ((await ifPossible(stat(there))) === undefined) there = dirname(there);
    this.#checked(await realpath(there), name);
    await mkdir(dirname(path), { recursive: true });
    const linked = await ifPossible(realpath(path));
    if (linked !== undefined) this.#checked(linked, name);
    return path;
  }

  #pathOf(name: string): string {
    if (!isAbsolute(name) && !name.includes("\0")) return this.#checked(resolve(this.path, name), name);
    throw outside(name, this.path);
  }

  #checked(path: string, name: string): string {
    if (path === this.path || isInside(relative(this.path, path))) return path;
    throw outside(name, this.path);
  }
}

function isInside(below: string): boolean {
  return below !== "" && below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

function outside(name: string, root: string) {
  return invalidArgument(`The job names ${name}, which is outside of ${root}: it was not touched`);
}
