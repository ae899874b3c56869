/** Compiles a typed expression into vectors. */
import type { ColumnField } from "../../columns/batch.js";
import type { Expression, InputExpression, OperationExpression } from "../typing/expression.js";
import type { Kind } from "../typing/kinds.js";
import type { PythonValue } from "../typing/python-values.js";
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
  /** Must be called when other data are bound to the columns. */
  forget(): void;
}

/** Equal parts of the expression become one vector, which works out each block once. */
export function planEvaluation(expression: Expression): EvaluationPlan {
  const planner = new Planner();
  const root = planner.vectorOf(expression) as BoolVector;
  return { columns: planner.columns, root, forget: () => planner.forget() };
}

interface Planned {
  readonly id: number;
  readonly vector: Vector;
  shared: boolean;
}

class Planner {
  readonly columns = new Map<number, PlannedColumn>();
  readonly #planned = new Map<string, Planned>();
  readonly #forget: (() => void)[] = [];

  vectorOf(expression: Expression): Vector {
    return this.#plan(expression).vector;
  }

  forget(): void {
    for (const forget of this.#forget) forget();
  }

  #plan(expression: Expression): Planned {
    const operands = expression.type === "operation" ? expression.operands.map((operand) => this.#plan(operand)) : [];
    const key = keyOf(expression, operands);
    const known = this.#planned.get(key);
    if (known) {
      if (!known.shared && operands.length > 0) this.#forget.push(loadOnce(known.vector));
      known.shared = true;
      return known;
    }
    const vectors = operands.map((operand) => operand.vector);
    const planned = { id: this.#planned.size, vector: this.#make(expression, vectors), shared: false };
    this.#planned.set(key, planned);
    return planned;
  }

  #make(expression: Expression, operands: Vector[]): Vector {
    if (expression.type === "constant") return constantVector(expression.kind, expression.value);
    if (expression.type === "input") return inputVector(expression, this.columns);
    const vector = operationOf(expression, operands);
    return operands.every((operand) => operand.constant !== undefined) ? frozen(vector) : vector;
  }
}

function keyOf(expression: Expression, operands: readonly Planned[]): string {
  switch (expression.type) {
    case "constant":
      return `${expression.kind} ${expression.value}`;
    case "input":
      return expression.input.type === "column" ? `column ${expression.input.index}` : `variable ${expression.name}`;
    case "operation":
      return `${expression.operation} ${expression.kind} ${operands.map(({ id }) => id).join(" ")}`;
  }
}

/** Makes a vector skip blocks it has just loaded; gives the function that makes it load them again. */
function loadOnce(vector: Vector): () => void {
  const load = vector.load.bind(vector);
  let loaded = -1;
  vector.load = (start, count) => {
    if (loaded === start) return;
    load(start, count);
    loaded = start;
  };
  return () => {
    loaded = -1;
  };
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
