/** Names of a TileDB array's parts: `__T_T_UUID`, T being the time of writing in milliseconds since 1970. */

import { sleepUnlessAborted } from "../../flow/abort.js";
import { randomUUID } from "../node.js";

/** Milliseconds. More than that ahead is a clock that was set back, not many names in quick succession. */
const LONGEST_WAIT = 1000;

/** Each name's time is later than that of the one before, because readers replay parts in that order. */
export class PartNames {
  #last = 0;

  next(): string {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return `__${this.#last}_${this.#last}_${randomUUID().replaceAll("-", "")}`;
  }

  /**
   * Waits until the clock has passed the last name: readers do not see parts dated in the future. A clock that was set
   * back meanwhile is not waited for; until it has caught up, readers see the parts only if asked for a later time.
   */
  async passed(signal: AbortSignal | undefined, label: string): Promise<void> {
    const ahead = this.#last - Date.now();
    if (ahead >= 0 && ahead < LONGEST_WAIT) await sleepUnlessAborted(ahead + 1, signal, label);
  }
}
