import type { ColumnBatch, ColumnField } from "../columns/batch.js";
import { ArgumentError } from "../errors.js";
import type { RType } from "../rtypes.js";
import { checkCondition, type Query } from "./check.js";
import { BLOCK_ROWS } from "./evaluate/long-block.js";
import { planEvaluation } from "./evaluate/plan.js";
import { type Condition, type NameNode, namesIn } from "./grammar/condition.js";
import { type ConditionFault, conditionError } from "./grammar/condition-error.js";
import { hasForbiddenCharacters } from "./grammar/forbidden-characters.js";
import { layoutFaults } from "./grammar/layout.js";
import { checkConditionLimits } from "./grammar/limits.js";
import { isBareName } from "./grammar/names.js";
import { parseCondition } from "./grammar/parser.js";
import type { Span } from "./grammar/span.js";
import type { CompiledCondition } from "./scan.js";
import { buildExpression } from "./typing/build-expression.js";
import type { Expression, InputExpression } from "./typing/expression.js";
import { columnValueKind } from "./typing/kinds.js";
import { textConstants } from "./typing/text-constants.js";
import { typeExpression } from "./typing/type-expression.js";
import { type ConditionVariables, scalarOf } from "./typing/variables.js";

/**
 * Compiles a condition with the meaning and the strictness of an OMERO.tables server (`HdfStorage.getWhereList` on
 * PyTables and numexpr): what the server refuses is refused. In particular a text variable must name a column, for
 * which it then stands; text literals are ASCII, or bytes; backticks do not exist.
 *
 * Where the server's answer depends on its processor or mathematics library, ours is: bytes of text are ordered as
 * signed; shifts use the lowest six (int: five) bits; NaN has no sign; a whole number divided by 0 is 0, and so is a
 * negative power of 0, which ends a server's process; sines, logarithms and the like may differ in the last place.
 * Refused although numexpr takes them: complex numbers, `.real` and `.imag`, Python's `a if b else c`, formatted text,
 * `\N{…}`, copies of text (whose values are random there), more than 2,000 operations.
 * @param fields all columns of the table
 * @throws ConditionError as {@link checkCondition}
 *
 * @example
 * ```ts
 * const { evaluate } = compileCondition("area > 20", batch.fields);
 * const meets = evaluate(batch); // a byte a row, 0 or 1
 * ```
 */
export function compileCondition(
  text: string,
  fields: readonly ColumnField[],
  variables: ReadonlyMap<string, RType> = new Map(),
): CompiledCondition {
  const condition = parseCondition(text);
  refuseForm(condition);
  const inputs = serverInputs(condition, fields, variables);
  const expression = buildExpression(condition, (node) => inputs.get(node.start)!);
  const typed = typeExpression(condition, expression);
  refuseTexts(condition, expression);
  checkConditionLimits(condition, typed);
  return compiled(typed);
}

/**
 * Checks a condition as {@link checkCondition} does, and compiles it: for applying to a file or a batch a condition
 * that may use backticks and plain values.
 */
export function compileQuery(
  query: Query,
  fields: readonly ColumnField[],
  variables: ConditionVariables = {},
): CompiledCondition {
  const checked = checkCondition(query, fields, variables);
  return compileCondition(checked.condition, fields, checked.variables);
}

function compiled(expression: Expression): CompiledCondition {
  const { columns, root, forget } = planEvaluation(expression);
  return {
    columns: [...columns.keys()].sort((a, b) => a - b),
    evaluate(batch) {
      for (const { field, bind } of columns.values()) bind(batch.columns[positionOf(batch, field)]!);
      forget();
      const mask = new Uint8Array(batch.rowCount);
      for (let start = 0; start < batch.rowCount; start += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, batch.rowCount - start);
        root.load(start, count);
        mask.set(root.values.subarray(0, count), start);
      }
      return mask;
    },
  };
}

function positionOf(batch: ColumnBatch, field: ColumnField): number {
  const position = batch.fields.findIndex(({ name }) => name === field.name);
  if (position >= 0) return position;
  const message = `The condition needs column "${field.name}", which the batch does not hold`;
  throw new ArgumentError("UNKNOWN_COLUMN", message, { column: field.name });
}

function refuse(condition: Condition, code: ConditionFault, span: Span, message: string): Error {
  return conditionError(code, condition.text, span, message);
}

/** Refuses what Python or numexpr refuse for the form of the text alone. */
function refuseForm(condition: Condition): void {
  const { text } = condition;
  const [fault] = layoutFaults(condition);
  if (fault) throw refuse(condition, "CONDITION_SYNTAX", fault, fault.reason);
  if (hasForbiddenCharacters(text)) {
    const message = "Characters as in programs (; : [ or a point before a letter) stand outside single quotes";
    throw refuse(condition, "CONDITION_SYNTAX", condition.root, message);
  }
}

/** Refuses text numexpr cannot turn into bytes, and texts it cannot sort for being of different types. */
function refuseTexts(condition: Condition, expression: Expression): void {
  const { foreign, mixed } = textConstants(expression);
  if (foreign) {
    const message = "Text that is not ASCII must be a bytes literal (b'…') of its UTF-8 bytes";
    throw refuse(condition, "CONDITION_TYPE", foreign, message);
  }
  if (mixed) throw refuse(condition, "CONDITION_TYPE", mixed, "Text and bytes literals cannot stand in one condition");
}

type ColumnInput = Pick<InputExpression, "type" | "kind" | "input">;

/** Looks up every name as PyTables does: functions, then variables, then columns. */
function serverInputs(
  condition: Condition,
  fields: readonly ColumnField[],
  variables: ReadonlyMap<string, RType>,
): Map<number, InputExpression> {
  const columnOf = (node: Span, name: string): ColumnInput => {
    const index = fields.findIndex((field) => field.name === name);
    if (index < 0) throw refuse(condition, "CONDITION_NAME", node, `There is no column "${name}"`);
    const field = fields[index]!;
    const kind = columnValueKind(field);
    if (kind) return { type: "input", kind, input: { type: "column", index, field } };
    throw refuse(condition, "CONDITION_TYPE", node, `Column "${name}" is a ${field.type} column`);
  };
  for (const value of variables.values()) {
    if (value.iceId !== "::omero::RString" || fields.some((field) => field.name === value.val)) continue;
    const message = `A text variable names a column, but there is no column "${value.val}"`;
    throw refuse(condition, "CONDITION_NAME", condition.root, message);
  }
  const resolve = (node: NameNode): ColumnInput => {
    const name = node.name.normalize("NFKC");
    if (node.quoted || !isBareName(name)) throw refuse(condition, "CONDITION_SYNTAX", node, `${node.name} is no name`);
    const value = variables.get(name);
    if (value === undefined) return columnOf(node, name);
    if (value.iceId === "::omero::RString") return columnOf(node, value.val);
    const scalar = scalarOf(value);
    if (!scalar) throw refuse(condition, "CONDITION_TYPE", node, `The variable ${name} is a list`);
    return { type: "input", kind: scalar.kind, input: { type: "variable", value: scalar.value } };
  };
  const names = namesIn(condition.root);
  return new Map(
    names.map((node) => [node.start, { ...resolve(node), name: node.name, start: node.start, end: node.end }]),
  );
}
