/** The size of requests: rows for the next one, from what those before have cost and weighed. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { batchBytes } from "../../columns/batch-operations.js";
import {
  type CallCost,
  CHOSEN_MESSAGE_LIMIT,
  chunkSize,
  DEFAULT_MEMORY_BUDGET,
  memoryRows,
  messageRows,
  recordBytes,
  USUAL_MESSAGE_LIMIT,
  wireRowBytes,
} from "../../columns/chunk-size.js";
import { type AccessMethod, SERVICE } from "./access-path.js";
import { CostEstimate } from "./cost-estimate.js";
import type { PlanConditions, ReadRequest } from "./plan.js";
import { rowsRead } from "./plan.js";

export interface RequestSizeOptions {
  /** Fields of the whole table and of the columns read. */
  readonly tableFields: readonly ColumnField[];
  readonly fields: readonly ColumnField[];
  /** How the rows are reached; default by the table service. */
  readonly method?: AccessMethod | undefined;
  /** Rows a request, asked for by the caller. */
  readonly chunkSize?: number | undefined;
  readonly memoryBudget?: number | undefined;
  /** Largest answer in bytes: default 250,000 KiB for the caller's `chunkSize`, 32 MiB for chosen sizes. */
  readonly messageLimit?: number | undefined;
  readonly chunksAlive: number;
}

/** No request should take longer than this, for the sake of progress reports and time limits. */
const LONGEST_CALL_MS = 10_000;
/** What can be had within this time is asked for at once: there is nothing to gain by having parts of it sooner. */
const WHOLE_CALL_MS = 100;
const LEAST_MASK_BYTES = 256;

export class RequestSizes {
  /** Rows still to be read, as far as known: many are worth larger requests. */
  rowsExpected: number;
  /** Rows that an answer may have: fewer once one was too large. */
  mostRows = Number.POSITIVE_INFINITY;
  readonly #options: RequestSizeOptions;
  readonly #span: CostEstimate;
  readonly #slice: CostEstimate;
  #rowsSeen = 0;
  #bytesSeen = 0;
  #largestMask: number | undefined;
  #lastAnswer = 0;

  constructor(rowsExpected: number, options: RequestSizeOptions) {
    this.rowsExpected = rowsExpected;
    this.#options = options;
    const { fields, method = SERVICE } = options;
    const width = recordBytes(options.tableFields);
    this.#span = new CostEstimate(method.readCost(fields.length, width));
    this.#slice = new CostEstimate(method.sliceCost(fields.length, width));
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
    const { chunkSize: asked, fields, messageLimit = USUAL_MESSAGE_LIMIT } = this.#options;
    const rows =
      asked === undefined
        ? this.#bestRows(cost)
        : Math.min(asked, messageRows(fields, { messageLimit, maskBytes: this.#maskBytes() }));
    return Math.max(1, Math.min(rows, this.mostRows));
  }

  #bestRows(cost: CallCost): number {
    const { fields, chunksAlive, memoryBudget = DEFAULT_MEMORY_BUDGET } = this.#options;
    const messageLimit = Math.min(CHOSEN_MESSAGE_LIMIT, this.#options.messageLimit ?? CHOSEN_MESSAGE_LIMIT);
    const rowBytes = this.#rowsSeen > 0 ? Math.max(1, this.#bytesSeen / this.#rowsSeen) : undefined;
    const limits = { messageLimit, maskBytes: this.#maskBytes(), memoryBudget, chunksAlive, rowBytes };
    const best = chunkSize(fields, this.rowsExpected, cost, limits);
    if (best.boundBy === "cost" && cost.perCall + this.rowsExpected * cost.perRow <= WHOLE_CALL_MS) {
      return Math.min(this.rowsExpected, messageRows(fields, limits), memoryRows(fields, limits));
    }
    const prompt = Math.max(1, Math.floor(LONGEST_CALL_MS / cost.perRow));
    const first = this.#rowsSeen === 0 && best.boundBy !== "rows";
    return Math.min(first ? Math.ceil(best.rows / 2) : best.rows, prompt);
  }

  /** The most bytes that the answer of a request can have in a message. */
  answerBytes(request: ReadRequest): number {
    return rowsRead(request) * wireRowBytes(this.#options.fields, this.#maskBytes());
  }

  /** Takes into account that an answer of `rows` rows was too large for a message. */
  tooLarge(rows: number): void {
    this.mostRows = Math.min(this.mostRows, Math.ceil(rows / 2));
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
