import type { ColumnBatch } from "../../../../columns/batch.js";
import { Worker } from "./node.js";
import type { TaskAnswer, TaskRequest } from "./tasks.js";

interface Waiting {
  readonly resolve: (lines: Uint8Array[]) => void;
  readonly reject: (error: Error) => void;
}

/** A task that failed, or whose thread ended. */
export class TaskFailure extends Error {}

/** Another thread of this process. It keeps the process alive only while it is at work. */
export class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended = false;

  constructor(entry: URL) {
    this.#worker = new Worker(entry, { name: "omero2frame", execArgv: [] });
    this.#worker.unref();
    this.#worker.on("message", (answer: TaskAnswer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#end(error.message));
    this.#worker.on("exit", () => this.#end("it ended"));
  }

  /** Tasks it was given and has not answered. */
  get pending(): number {
    return this.#waiting.size;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /**
   * The rows of a batch as lines of CSV, in blocks.
   * @param transfer buffers that become the thread's own; they are empty here afterwards.
   * @throws TaskFailure
   */
  csvLines(batch: ColumnBatch, transfer: Iterable<ArrayBuffer> = []): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw new TaskFailure("the thread has ended");
      const id = ++this.#lastId;
      const request: TaskRequest = { id, batch };
      this.#worker.postMessage(request, [...transfer]);
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle({ id, lines, failure }: TaskAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (lines === undefined) waiting?.reject(new TaskFailure(failure));
    else waiting?.resolve(lines);
  }

  #end(why: string): void {
    this.#ended = true;
    for (const { reject } of this.#waiting.values()) reject(new TaskFailure(why));
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
