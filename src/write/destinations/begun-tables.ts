/** What has been made of tables so far, so that it can be removed. */
import type { UsedConnection } from "../../connect/connection-option.js";
import { type CreatedFile, type Remains, undo } from "../../gateway/files/upload-failure.js";

/** Where a table goes: a connection and a group. */
export interface Place extends UsedConnection {
  readonly group: number;
}

/** What makes a table, and knows what of it there is. */
export interface TableStore {
  readonly creation: CreatedFile & { done(): void };
  /** Ends what is open on the server. Never throws. */
  close(): Promise<void>;
}

export class BegunTable {
  readonly #place: Place;
  #store: TableStore | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  begin<Store extends TableStore>(store: Store): Store {
    this.#store = store;
    return store;
  }

  async undo(): Promise<Remains> {
    if (this.#store === undefined) return { state: "nothing" };
    await this.#store.close();
    return undo(this.#place.connection, this.#store.creation, this.#place.group);
  }

  done(): void {
    this.#store?.creation.done();
  }
}

/** Tables of which all are kept, or none. */
export class BegunTables {
  readonly #place: Place;
  readonly #tables: BegunTable[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  next(): BegunTable {
    const table = new BegunTable(this.#place);
    this.#tables.push(table);
    return table;
  }

  /** Removes them all; tells of the first that is left, if one is. */
  async undo(): Promise<Remains> {
    const remains: Remains[] = [];
    for (const table of this.#tables) remains.push(await table.undo());
    const worst = ["left", "removed"].map((state) => remains.find((one) => one.state === state));
    return worst.find((one) => one !== undefined) ?? { state: "nothing" };
  }

  done(): void {
    for (const table of this.#tables) table.done();
  }
}
