/** Sends the requests for a selection along one access path, and follows what they cost. */
import type { ColumnBatch } from "../../columns/batch.js";
import { joinBatches, takeRows } from "../../columns/batch-operations.js";
import { CHOSEN_MESSAGE_LIMIT } from "../../columns/chunk-size.js";
import { ConnectionError, ServerError, TableError } from "../../errors.js";
import type { AccessPath } from "./access-path.js";
import { InFlight } from "./in-flight.js";
import { halves, planSelection, type ReadRequest, rowsKept, rowsRead } from "./plan.js";
import { RequestSizes } from "./request-size.js";
import type { RowSelection } from "./selection.js";
import type { StreamSettings } from "./stream-settings.js";
import type { TableSelection } from "./table-selection.js";

export class RowReader {
  readonly #path: AccessPath;
  readonly #selection: TableSelection;
  readonly #sizes: RequestSizes;
  readonly #inFlight: InFlight;
  /** Requests that have been answered. */
  answers = 0;

  /**
   * @param rowsExpected how many rows there will be, as far as known
   * @param window requests in flight and answers waiting, together
   */
  constructor(
    path: AccessPath,
    selection: TableSelection,
    rowsExpected: number,
    window: number,
    settings: StreamSettings,
  ) {
    const { table, method } = path;
    this.#path = path;
    this.#selection = selection;
    this.#sizes = new RequestSizes(rowsExpected, {
      tableFields: table.fields,
      fields: selection.readFields,
      method,
      chunkSize: selection.chunkSize,
      memoryBudget: settings.memoryBudget ?? method.memoryBudget,
      messageLimit: settings.messageLimit,
      chunksAlive: window + 1,
    });
    const { concurrency } = settings;
    const most = concurrency ?? Math.min(method.mostConcurrency, window);
    this.#inFlight = new InFlight(concurrency ?? method.concurrency, most);
  }

  /** Requests to have in flight. */
  get concurrency(): number {
    return this.#inFlight.count;
  }

  /** Requests that bring rows, in their order. */
  requests(rows: RowSelection): Generator<ReadRequest> {
    if (rows.kind === "list") this.#sizes.rowsExpected = rows.rows.length;
    return planSelection(rows, () => this.#sizes.conditions());
  }

  /** @throws TableError `TABLE_CHANGED` when the table returns other rows than it was asked for. */
  async read(request: ReadRequest, signal: AbortSignal): Promise<ColumnBatch> {
    const { readFields: fields } = this.#selection;
    const answer = await this.#answer(request, signal);
    const { rowNumbers } = request;
    if (request.kind === "span" && request.keep) return takeRows(answer, request.keep, rowNumbers);
    return { fields, columns: answer.columns, rowCount: rowsKept(request), rowNumbers };
  }

  /** All rows that a request makes the table return; in parts where they do not fit a message. */
  async #answer(request: ReadRequest, signal: AbortSignal): Promise<ColumnBatch> {
    const rows = rowsRead(request);
    if (rows > this.#sizes.mostRows) return this.#answerInHalves(request, signal);
    try {
      return await this.#ask(request, signal);
    } catch (error) {
      if (rows < 2 || signal.aborted || !this.#isForItsSize(error, request)) throw error;
      this.#sizes.tooLarge(rows);
      return this.#answerInHalves(request, signal);
    }
  }

  async #answerInHalves(request: ReadRequest, signal: AbortSignal): Promise<ColumnBatch> {
    const [first, second] = halves(request);
    return joinBatches([await this.#answer(first, signal), await this.#answer(second, signal)], request.rowNumbers);
  }

  async #ask(request: ReadRequest, signal: AbortSignal): Promise<ColumnBatch> {
    const { table } = this.#path;
    const { readColumns: columns } = this.#selection;
    const sentAt = performance.now();
    const options = this.#mayExceedLimit(request) ? { signal, attempts: 1 } : { signal };
    const answer =
      request.kind === "span"
        ? await table.read(columns, request.start, request.stop, options)
        : await table.slice(columns, request.rows, options);
    if (answer.rowCount !== rowsRead(request)) throw changedTable(request, answer);
    this.answers++;
    const now = performance.now();
    this.#sizes.observe(request, answer, sentAt, now);
    this.#inFlight.observe(answer.rowCount, now);
    return answer;
  }

  /** A server says so, or ends the connection without a word; then a smaller answer tells what it was. */
  #isForItsSize(error: unknown, request: ReadRequest): boolean {
    if (error instanceof ServerError) return error.code === "MESSAGE_TOO_LARGE";
    return error instanceof ConnectionError && error.code === "CONNECTION_LOST" && this.#mayExceedLimit(request);
  }

  #mayExceedLimit(request: ReadRequest): boolean {
    return this.#sizes.answerBytes(request) > CHOSEN_MESSAGE_LIMIT;
  }
}

function changedTable(request: ReadRequest, answer: ColumnBatch): TableError {
  return new TableError(
    "TABLE_CHANGED",
    `The table returned ${answer.rowCount} rows where ${rowsRead(request)} were asked for; it changed meanwhile: read it again`,
  );
}
