/** Compiles a typed expression into vectors. */
import type { ColumnField } from "../../batch.js";
import type { Expression, InputExpression, OperationExpression } from "../expression.js";
import type { Kind } from "../kinds.js";
import type { PythonValue } from "../python-values.js";
import { castVector } from "./casts.js";
import { type BoundColumn, columnVector } from "./columns.js";
import { type Comparison, comparisonVector } from "./comparisons.js";
import { LongBlock } from "./long-block.js";
import { operationVector } from "./operations.js";
import { type BoolVector, constantBool, constantLong, constantNumber, constantText, type Vector } from "./vectors.js";

export interface PlannedColumn extends BoundColumn {
  readonly field: ColumnField;
}

export interface EvaluationPlan {
  /** By position in the table. */
  readonly columns: ReadonlyMap<number, PlannedColumn>;
  readonly root: BoolVector;
}

export function planEvaluation(expression: Expression): EvaluationPlan {
  const columns = new Map<number, PlannedColumn>();
  return { columns, root: vectorOf(expression, columns) as BoolVector };
}

function vectorOf(expression: Expression, columns: Map<number, PlannedColumn>): Vector {
  if (expression.type === "constant") return constantVector(expression.kind, expression.value);
  if (expression.type === "input") return inputVector(expression, columns);
  const operands = expression.operands.map((operand) => vectorOf(operand, columns));
  const vector = operationOf(expression, operands);
  return operands.every((operand) => operand.constant !== undefined) ? frozen(vector) : vector;
}

function operationOf({ operation, kind, operands: given }: OperationExpression, operands: Vector[]): Vector {
  const [a, b] = operands as [Vector, Vector];
  if (operation === "cast") return castVector(a, kind as "int" | "long" | "float" | "double");
  const comparison = operation === "gt" || operation === "ge" || operation === "eq" || operation === "ne";
  if (comparison && given.length === 2) return comparisonVector(operation as Comparison, a, b);
  return operationVector(operation, kind, operands);
}

function inputVector({ input, kind }: InputExpression, columns: Map<number, PlannedColumn>): Vector {
  if (input.type === "variable") return constantVector(kind, input.value);
  const known = columns.get(input.index) ?? { field: input.field, ...columnVector(input.field) };
  columns.set(input.index, known);
  return known.vector;
}

function constantVector(kind: Kind, value: PythonValue): Vector {
  switch (kind) {
    case "bool":
      return constantBool(value as boolean);
    case "text":
      return constantText(value as Uint8Array);
    case "long":
      return constantLong(new LongBlock(), value as bigint);
    default:
      return constantNumber(kind, Number(value));
  }
}

/** What depends on no column is worked out once. */
function frozen(vector: Vector): Vector {
  vector.load(0, 1);
  if (vector.kind === "bool") return constantBool(vector.values[0] === 1);
  if (vector.kind === "text") return vector;
  if (vector.kind !== "long") return constantNumber(vector.kind, vector.values[0]!);
  vector.block.toWords(1);
  return constantLong(new LongBlock(), vector.block.values[0]!);
}
