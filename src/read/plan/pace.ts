/** The pace of a reader: rows for the next request, from what requests have cost and weighed so far. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { type CallCost, chunkSize, DEFAULT_MEMORY_BUDGET, messageRows, recordBytes } from "../../columns/chunk-size.js";
import { batchBytes } from "../../columns/take.js";
import { CostEstimate } from "./cost-estimate.js";
import { type Medium, SERVICE } from "./medium.js";
import type { PlanConditions, ReadRequest } from "./plan.js";
import { rowsRead } from "./plan.js";

export interface PaceOptions {
  /** Fields of the whole table and of the columns read. */
  readonly tableFields: readonly ColumnField[];
  readonly fields: readonly ColumnField[];
  /** Where the rows are read from; default the table service. */
  readonly medium?: Medium | undefined;
  /** Rows a request, asked for by the caller. */
  readonly chunkSize?: number | undefined;
  readonly memoryBudget?: number | undefined;
  readonly messageLimit?: number | undefined;
  readonly chunksAlive: number;
}

/** No request should take longer than this, for the sake of progress reports and time limits. */
const LONGEST_CALL_MS = 10_000;
const LEAST_MASK_BYTES = 256;

export class Pace {
  /** Rows still to be read, as far as known: many are worth larger requests. */
  rowsExpected: number;
  readonly #options: PaceOptions;
  readonly #span: CostEstimate;
  readonly #slice: CostEstimate;
  #rowsSeen = 0;
  #bytesSeen = 0;
  #largestMask: number | undefined;
  #lastAnswer = 0;

  constructor(rowsExpected: number, options: PaceOptions) {
    this.rowsExpected = rowsExpected;
    this.#options = options;
    const { fields, medium = SERVICE } = options;
    const width = recordBytes(options.tableFields);
    this.#span = new CostEstimate(medium.readCost(fields.length, width));
    this.#slice = new CostEstimate(medium.sliceCost(fields.length, width));
  }

  /** What the planner needs to know for the next request. Until an answer was seen, requests are half as large. */
  conditions(): PlanConditions {
    return {
      span: this.#span.cost,
      slice: this.#slice.cost,
      spanRows: this.#rowsFor(this.#span.cost),
      sliceRows: this.#rowsFor(this.#slice.cost),
    };
  }

  #rowsFor(cost: CallCost): number {
    const { fields, chunksAlive, memoryBudget = DEFAULT_MEMORY_BUDGET, messageLimit } = this.#options;
    const limits = { messageLimit, maskBytes: this.#maskBytes() };
    const asked = this.#options.chunkSize;
    if (asked !== undefined) return Math.min(asked, messageRows(fields, limits));
    const rowBytes = this.#rowsSeen > 0 ? Math.max(1, this.#bytesSeen / this.#rowsSeen) : undefined;
    const best = chunkSize(fields, this.rowsExpected, cost, { ...limits, memoryBudget, chunksAlive, rowBytes });
    const prompt = Math.max(1, Math.floor(LONGEST_CALL_MS / cost.perRow));
    const first = this.#rowsSeen === 0 && best.boundBy !== "rows";
    return Math.min(first ? Math.ceil(best.rows / 2) : best.rows, prompt);
  }

  #maskBytes(): number | undefined {
    return this.#largestMask === undefined ? undefined : Math.max(LEAST_MASK_BYTES, 2 * this.#largestMask);
  }

  /** Takes into account the answer to a request sent at `sentAt` (milliseconds) and just arrived, at `now`. */
  observe(request: ReadRequest, answer: ColumnBatch, sentAt: number, now: number): void {
    const rows = rowsRead(request);
    // The service works on one request at a time: this one's turn came when the one before was answered.
    const began = Math.max(sentAt, this.#lastAnswer);
    this.#lastAnswer = now;
    const estimate = request.kind === "span" ? this.#span : this.#slice;
    estimate.observe(rows, now - began);
    this.#rowsSeen += rows;
    this.#bytesSeen += batchBytes(answer);
    this.#seeMasks(answer);
  }

  #seeMasks({ columns }: ColumnBatch): void {
    for (const column of columns) {
      if (column.kind !== "mask") continue;
      const { offsets } = column;
      for (let row = 1; row < offsets.length; row++) {
        this.#largestMask = Math.max(this.#largestMask ?? 0, offsets[row]! - offsets[row - 1]!);
      }
    }
  }
}
