/** Room for new parts of a file: always at its end, on a multiple of 8. */
export class FileSpace {
  #end: number;

  constructor(end: number) {
    this.#end = Math.ceil(end / 8) * 8;
  }

  get end(): number {
    return this.#end;
  }

  /** Address of `length` new bytes. */
  allocate(length: number): number {
    const at = this.#end;
    this.#end = at + Math.ceil(length / 8) * 8;
    return at;
  }
}
