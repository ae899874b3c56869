/**
 * The planner: which requests bring the rows wanted, in the order wanted, at the least cost.
 *
 * A table answers two kinds of request. `read` returns a span of rows and costs much each call but little each row;
 * `slice` returns rows by number and costs little each call but much each row. So a long run of rows is read as a span,
 * gaps in it included when reading through them is cheaper than stopping, and scattered rows are sliced.
 */
import type { RowNumbers } from "../../columns/batch.js";
import type { CallCost } from "../../columns/chunk-size.js";
import type { RowSelection } from "./selection.js";

/** Rows `start ..< stop`, of which those at `keep` (positions in the span, in output order) are wanted; default all. */
export interface SpanRequest {
  readonly kind: "span";
  readonly start: number;
  readonly stop: number;
  readonly keep?: Int32Array;
  /** Numbers of the rows wanted. */
  readonly rowNumbers: RowNumbers;
}

/** Rows by number. */
export interface SliceRequest {
  readonly kind: "slice";
  readonly rows: Float64Array;
  readonly rowNumbers: RowNumbers;
}

export type ReadRequest = SpanRequest | SliceRequest;

/** What requests cost and how many rows one may ask for; asked again before each request, as both follow measurement. */
export interface PlanConditions {
  readonly span: CallCost;
  readonly slice: CallCost;
  readonly spanRows: number;
  readonly sliceRows: number;
}

/** Rows a request makes the table return. */
export function rowsRead(request: ReadRequest): number {
  return request.kind === "span" ? request.stop - request.start : request.rows.length;
}

/** Rows a request contributes to the output. */
export function rowsKept(request: ReadRequest): number {
  if (request.kind === "slice") return request.rows.length;
  return request.keep?.length ?? request.stop - request.start;
}

/** Two requests that together bring what one of at least two rows does; all rows of a span. */
export function halves(request: ReadRequest): readonly [ReadRequest, ReadRequest] {
  const middle = Math.ceil(rowsRead(request) / 2);
  if (request.kind === "slice") {
    return [sliceOfList(request.rows.subarray(0, middle)), sliceOfList(request.rows.subarray(middle))];
  }
  const { start, stop } = request;
  return [spanOfRange(start, 1, middle), spanOfRange(start + middle, 1, stop - start - middle)];
}

/** Requests for a selection, in output order; together they return exactly its rows. */
export function planSelection(selection: RowSelection, conditions: () => PlanConditions): Generator<ReadRequest> {
  return selection.kind === "list" ? planList(selection.rows, conditions) : planRange(selection, conditions);
}

function* planRange(
  range: { readonly start: number; readonly step: number; readonly count: number },
  conditions: () => PlanConditions,
): Generator<ReadRequest> {
  const { step } = range;
  const distance = Math.abs(step);
  for (let done = 0; done < range.count; ) {
    const now = conditions();
    const left = range.count - done;
    const start = range.start + done * step;
    const inSpan = evenPart(left, Math.floor((now.spanRows - 1) / distance) + 1);
    const inSlices = callsFor(inSpan, now.sliceRows) * now.slice.perCall + inSpan * now.slice.perRow;
    const throughSpan = now.span.perCall + ((inSpan - 1) * distance + 1) * now.span.perRow;
    const asSpan = throughSpan <= inSlices;
    const count = asSpan ? inSpan : evenPart(left, now.sliceRows);
    yield asSpan ? spanOfRange(start, step, count) : sliceOfRange(start, step, count);
    done += count;
  }
}

function spanOfRange(start: number, step: number, count: number): SpanRequest {
  const rowNumbers = { start, step };
  const last = start + (count - 1) * step;
  const first = Math.min(start, last);
  const span = { kind: "span", start: first, stop: Math.max(start, last) + 1, rowNumbers } as const;
  if (step === 1 || count === 1) return span;
  const keep = new Int32Array(count);
  for (let index = 0; index < count; index++) keep[index] = start + index * step - first;
  return { ...span, keep };
}

function sliceOfRange(start: number, step: number, count: number): SliceRequest {
  const rows = new Float64Array(count);
  for (let index = 0; index < count; index++) rows[index] = start + index * step;
  return { kind: "slice", rows, rowNumbers: { start, step } };
}

/** How a listed row is to be fetched. */
const BY_NUMBER = 0;
const STARTS_SPAN = 1;
const CONTINUES_SPAN = 2;

function* planList(rows: Float64Array, conditions: () => PlanConditions): Generator<ReadRequest> {
  const ways = cheapestWays(rows, conditions());
  for (let from = 0; from < rows.length; ) {
    const now = conditions();
    const to = ways[from] === BY_NUMBER ? sliceEnd(ways, from, now.sliceRows) : spanEnd(rows, ways, from, now.spanRows);
    yield ways[from] === BY_NUMBER ? sliceOfList(rows.subarray(from, to)) : spanOfList(rows.subarray(from, to));
    if (to < rows.length && ways[to] === CONTINUES_SPAN) ways[to] = STARTS_SPAN;
    from = to;
  }
}

/**
 * The way to fetch each row for which the whole list costs least. One pass keeps, for each way of fetching the row at
 * hand, the least cost so far and the choice that led to it; the way back follows the choices.
 */
function cheapestWays(rows: Float64Array, conditions: PlanConditions): Uint8Array {
  const { span, slice } = conditions;
  const spanRow = span.perRow + span.perCall / conditions.spanRows;
  const sliceRow = slice.perRow + slice.perCall / conditions.sliceRows;
  const choices = new Uint8Array(rows.length);
  let byNumber = slice.perCall;
  let inSpan = 0;
  for (let index = 0; index < rows.length; index++) {
    const gap = index === 0 ? 0 : rows[index]! - rows[index - 1]!;
    const newSpan = Math.min(byNumber, inSpan) + span.perCall + spanRow;
    const sameSpan = gap > 0 ? inSpan + gap * spanRow : Number.POSITIVE_INFINITY;
    const newSlice = inSpan + slice.perCall;
    choices[index] =
      (newSlice < byNumber ? NEW_SLICE : 0) |
      (newSpan <= sameSpan ? NEW_SPAN : 0) |
      (inSpan < byNumber ? AFTER_SPAN : 0);
    byNumber = Math.min(byNumber, newSlice) + sliceRow;
    inSpan = Math.min(newSpan, sameSpan);
  }
  return traceBack(choices, inSpan < byNumber);
}

/** What was cheapest at a row: a slice begun after a span, a span begun here, a span before the one begun here. */
const NEW_SLICE = 1;
const NEW_SPAN = 2;
const AFTER_SPAN = 4;

/** Overwrites the choices with the ways they lead to. */
function traceBack(choices: Uint8Array, endsInSpan: boolean): Uint8Array {
  let inSpan = endsInSpan;
  for (let index = choices.length - 1; index >= 0; index--) {
    const choice = choices[index]!;
    if (!inSpan) {
      choices[index] = BY_NUMBER;
      inSpan = (choice & NEW_SLICE) !== 0;
    } else if (choice & NEW_SPAN) {
      choices[index] = STARTS_SPAN;
      inSpan = (choice & AFTER_SPAN) !== 0;
    } else {
      choices[index] = CONTINUES_SPAN;
    }
  }
  return choices;
}

/** End of the rows from `from` on that one slice fetches. */
function sliceEnd(ways: Uint8Array, from: number, most: number): number {
  let end = from + 1;
  while (end < ways.length && ways[end] === BY_NUMBER) end++;
  return from + evenPart(end - from, most);
}

/** End of the rows from `from` on that one span of at most `most` table rows fetches. */
function spanEnd(rows: Float64Array, ways: Uint8Array, from: number, most: number): number {
  let end = from + 1;
  while (end < rows.length && ways[end] === CONTINUES_SPAN) end++;
  const width = rows[end - 1]! - rows[from]! + 1;
  const limit = rows[from]! + evenPart(width, most);
  while (rows[end - 1]! >= limit) end--;
  return end;
}

function sliceOfList(rows: Float64Array): SliceRequest {
  return { kind: "slice", rows, rowNumbers: isRun(rows) ? { start: rows[0]!, step: 1 } : rows };
}

function spanOfList(rows: Float64Array): SpanRequest {
  const start = rows[0]!;
  const span = { kind: "span", start, stop: rows[rows.length - 1]! + 1 } as const;
  if (span.stop - start === rows.length) return { ...span, rowNumbers: { start, step: 1 } };
  return { ...span, keep: Int32Array.from(rows, (row) => row - start), rowNumbers: rows };
}

function isRun(rows: Float64Array): boolean {
  for (let index = 1; index < rows.length; index++) if (rows[index]! !== rows[index - 1]! + 1) return false;
  return true;
}

function callsFor(rows: number, most: number): number {
  return Math.ceil(rows / most);
}

/** The first of the fewest equal parts of at most `most`. */
function evenPart(rows: number, most: number): number {
  return Math.ceil(rows / callsFor(rows, Math.max(1, most)));
}
