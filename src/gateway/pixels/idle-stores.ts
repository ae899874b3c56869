import { inBackground } from "../../flow/failures.js";
import type { PixelStores } from "./pixel-stores.js";

/** Milliseconds that stores stay open for whoever reads the same image next: opening one takes several calls. */
const LINGER = 1000;

/** Stores of one image that were used a moment ago. */
export class IdleStores {
  #kept: PixelStores | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** The stores that are kept, for one who then has them alone. */
  take(): PixelStores | undefined {
    const stores = this.#kept;
    this.#kept = undefined;
    clearTimeout(this.#timer);
    return stores;
  }

  /** Keeps stores for a moment, and closes them then. A process does not wait for that. */
  keep(stores: PixelStores): void {
    const before = this.take();
    if (before) inBackground(before.close());
    this.#kept = stores;
    this.#timer = setTimeout(() => inBackground(this.take()?.close() ?? Promise.resolve()), LINGER).unref();
  }
}
