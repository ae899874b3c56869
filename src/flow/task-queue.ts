/** Runs tasks one after another, in the order in which they were given; one that fails does not hold up the next. */
import { ifPossible } from "./failures.js";

export class TaskQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = ifPossible(result);
    return result;
  }
}
