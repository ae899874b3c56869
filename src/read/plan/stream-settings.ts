/** How a stream works inside; the defaults suit OMERO.tables. */
export interface StreamSettings {
  /** Requests in flight; by default what suits where the rows are, and what measuring shows. */
  readonly concurrency?: number;
  /** Requests in flight and answers waiting, together; default 4, or twice `concurrency` where that is given. */
  readonly window?: number;
  /** Bytes for all answers alive at once; default what suits where the rows are. */
  readonly memoryBudget?: number;
  /** The server's largest message in bytes; default 250,000 KiB. */
  readonly messageLimit?: number;
  /** Rows searched in one call of a query; default 2,097,152. */
  readonly searchRows?: number;
}
