/**
 * A file that is written past the system's cache: large writes go straight to the disk, which they are to reach anyway before
 * pixels are saved. The cache would cost new memory and one more copy of each.
 */
import { constants, type FileHandle, open } from "node:fs/promises";

/** Places, sizes and addresses in memory are multiples of it. */
const BLOCK = 4096;
const STAGE_SIZE = 8 << 20;
const MOST_STAGES = 2;
/** Milliseconds after which memory that nobody uses is given up. */
const IDLE_TIME = 2000;
const WASM_PAGE = 1 << 16;

export class DirectFile {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Undefined where the system cannot do it. */
  static async open(path: string): Promise<DirectFile | undefined> {
    const direct: number | undefined = constants.O_DIRECT;
    if (direct === undefined) return undefined;
    return open(path, constants.O_RDWR | direct).then(
      (file) => new DirectFile(file),
      () => undefined,
    );
  }

  /**
   * Writes whole blocks.
   * @returns how many bytes from the beginning are written: fewer than there are where others take the memory, or the file
   *   system wants something else.
   * @throws the system's error where the disk fails
   */
  async write(bytes: Uint8Array, position: number): Promise<number> {
    const stage = stages.take();
    if (!stage) return 0;
    try {
      return await this.#writeThrough(stage, bytes, position);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EINVAL") return 0;
      throw error;
    } finally {
      stages.giveBack(stage);
    }
  }

  async #writeThrough(stage: Uint8Array, bytes: Uint8Array, position: number): Promise<number> {
    let done = 0;
    while (done < bytes.length) {
      const size = Math.min(stage.length, bytes.length - done);
      stage.set(bytes.subarray(done, done + size));
      const { bytesWritten } = await this.#file.write(stage, 0, size, position + done);
      done += bytesWritten;
      if (bytesWritten % BLOCK !== 0 || bytesWritten === 0) break;
    }
    return done;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The whole blocks of a file among the bytes from `position` on, as a range of these bytes. */
export function wholeBlocks(position: number, length: number): { start: number; end: number } {
  const start = Math.min(length, Math.ceil(position / BLOCK) * BLOCK - position);
  const end = Math.floor((position + length) / BLOCK) * BLOCK - position;
  return { start, end: Math.max(start, end) };
}

/** Memory from which disks take blocks: that of WebAssembly, unlike that of arrays, begins at a multiple of a block. */
class Stages {
  #idle: Uint8Array[] = [];
  #lent = 0;
  #clearing: NodeJS.Timeout | undefined;

  /** Undefined while all are in use, and where there is no memory for them. */
  take(): Uint8Array | undefined {
    if (this.#lent >= MOST_STAGES) return undefined;
    const stage = this.#idle.pop() ?? newStage();
    if (stage) this.#lent++;
    return stage;
  }

  giveBack(stage: Uint8Array): void {
    this.#lent--;
    this.#idle.push(stage);
    this.#clearing ??= setTimeout(() => this.#clear(), IDLE_TIME).unref();
    this.#clearing.refresh();
  }

  #clear(): void {
    this.#clearing = undefined;
    this.#idle = [];
  }
}

interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

function newStage(): Uint8Array | undefined {
  const pages = STAGE_SIZE / WASM_PAGE;
  const { Memory } = Reflect.get(globalThis, "WebAssembly") as {
    Memory: new (size: { initial: number; maximum: number }) => WebAssemblyMemory;
  };
  try {
    return new Uint8Array(new Memory({ initial: pages, maximum: pages }).buffer);
  } catch {
    return undefined;
  }
}

const stages = new Stages();
