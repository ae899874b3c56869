/**
 * Tables of FlatBuffers ("FlatBuffers internals"), as far as their lengths must be looked at before Apache Arrow decodes them:
 * it takes what a length says for granted.
 */

/** A table in a buffer; fields are named by their number in the schema. */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #fields: number;
  readonly #fieldBytes: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#fields = at - view.getInt32(at, true);
    this.#fieldBytes = view.getUint16(this.#fields, true);
  }

  /** @throws RangeError where it does not lie in the buffer */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  uint8(field: number): number {
    const at = this.#place(field);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  /** @throws RangeError for a number that is no length */
  length64(field: number): number {
    const at = this.#place(field);
    const value = at === undefined ? 0n : this.#view.getBigInt64(at, true);
    if (value < 0n || value > Number.MAX_SAFE_INTEGER) throw new RangeError(`a length of ${value}`);
    return Number(value);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#place(field);
    return at === undefined ? undefined : new FlatTable(this.#view, at + this.#view.getUint32(at, true));
  }

  /**
   * Where the items of a list begin, and how many there are.
   * @throws RangeError for more items than the buffer has room for
   */
  list(field: number, itemBytes: number): { readonly at: number; readonly count: number } {
    const place = this.#place(field);
    if (place === undefined) return { at: 0, count: 0 };
    const list = place + this.#view.getUint32(place, true);
    const count = this.#view.getUint32(list, true);
    const at = list + 4;
    if (at + count * itemBytes > this.#view.byteLength) throw new RangeError(`a list of ${count} items`);
    return { at, count };
  }

  *tables(field: number): Generator<FlatTable, void, undefined> {
    const { at, count } = this.list(field, 4);
    for (let index = 0; index < count; index++) {
      const item = at + 4 * index;
      yield new FlatTable(this.#view, item + this.#view.getUint32(item, true));
    }
  }

  /** Items that are structs: 8-byte integers one after the other. */
  *structs(field: number, integers: number): Generator<readonly bigint[], void, undefined> {
    const { at, count } = this.list(field, 8 * integers);
    for (let index = 0; index < count; index++) {
      const first = at + 8 * integers * index;
      yield Array.from({ length: integers }, (_, place) => this.#view.getBigInt64(first + 8 * place, true));
    }
  }

  /** Undefined where the field has its default. */
  #place(field: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#fieldBytes) return undefined;
    const offset = this.#view.getUint16(this.#fields + entry, true);
    return offset === 0 ? undefined : this.#at + offset;
  }
}
