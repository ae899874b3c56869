/** Whether parameters and literals are of the kinds that they are compared with. */
import { javaName } from "../../model/java-names.js";
import type { Model } from "../../model/model.js";
import { subexpressions } from "../aggregates.js";
import { HqlError, type HqlExpression } from "../grammar/syntax.js";
import { isList, isScalar, type Value } from "../values.js";
import { dataFault, statementFault } from "./faults.js";
import type { QueryScalar } from "./function-types.js";
import { type StaticScope, type StaticType, scalarTypeOf } from "./static-types.js";

const JAVA: Readonly<Record<QueryScalar, string>> = {
  string: "java.lang.String",
  int: "java.lang.Integer",
  long: "java.lang.Long",
  float: "java.lang.Float",
  double: "java.lang.Double",
  boolean: "java.lang.Boolean",
  time: "java.util.Date",
};

const NUMBERS: readonly QueryScalar[] = ["int", "long", "float", "double"];

/** Looks at what the first use of each parameter wants. */
export class ParameterCheck {
  readonly #parameters: ReadonlyMap<string, Value>;
  readonly #seen = new Set<string>();
  #fault: HqlError | undefined;

  constructor(parameters: ReadonlyMap<string, Value>) {
    this.#parameters = parameters;
  }

  /** @throws HqlError for what was found of parameters: the statement itself comes first. */
  end(): void {
    if (this.#fault) throw this.#fault;
  }

  visit(scope: StaticScope, expression: HqlExpression): void {
    switch (expression.kind) {
      case "comparison":
        this.#compare(scope, expression.left, expression.right);
        this.#compare(scope, expression.right, expression.left);
        break;
      case "arithmetic":
        this.#bind(scope, scope.typeOf(expression.left), expression.right);
        this.#bind(scope, scope.typeOf(expression.right), expression.left);
        break;
      case "between":
        for (const limit of [expression.low, expression.high]) this.#compare(scope, expression.operand, limit);
        break;
      case "in":
        if (!("from" in expression.list)) {
          for (const item of expression.list) this.#compare(scope, expression.operand, item);
        }
    }
    for (const inner of subexpressions(expression)) this.visit(scope, inner);
  }

  #compare(scope: StaticScope, operand: HqlExpression, other: HqlExpression): void {
    const type = scope.typeOf(operand);
    if (other.kind === "literal") this.#fault ??= literalFault(type, other.value, operand);
    else this.#bind(scope, type, other);
  }

  #bind(scope: StaticScope, wanted: StaticType, expression: HqlExpression): void {
    if (expression.kind !== "parameter" || this.#seen.has(expression.name)) return;
    const value = this.#parameters.get(expression.name);
    if (value === undefined || wanted.kind === "unknown") return;
    this.#seen.add(expression.name);
    for (const item of isList(value) ? value : [value]) this.#fault ??= parameterFault(scope.model, wanted, item);
  }
}

function parameterFault(model: Model, wanted: StaticType, value: Value): HqlError | undefined {
  const given = value !== null && !isList(value) && isScalar(value) ? scalarTypeOf(value.iceId) : undefined;
  if (given === undefined) return undefined;
  if (wanted.kind === "object") return getterFault(javaName(model, wanted.className));
  return wanted.kind === "scalar" && wanted.type !== given ? castFault(given, wanted.type) : undefined;
}

/** An object is wanted, its id was given. */
function getterFault(className: string): HqlError {
  const reason = `IllegalArgumentException occurred calling getter of ${className}.id`;
  const type = "org.springframework.orm.hibernate3.HibernateSystemException";
  const nested = `nested exception is org.hibernate.PropertyAccessException: ${reason}`;
  return new HqlError(` Wrapped Exception: (${type}):\n${reason}; ${nested}`, undefined, "internal");
}

function castFault(from: QueryScalar, to: QueryScalar): HqlError {
  const base = "module java.base of loader 'bootstrap'";
  const name = from === "time" ? "java.sql.Timestamp" : JAVA[from];
  const modules =
    from === "time"
      ? `${name} is in module java.sql of loader 'platform'; ${JAVA[to]} is in ${base}`
      : `${name} and ${JAVA[to]} are in ${base}`;
  const message = `class ${name} cannot be cast to class ${JAVA[to]} (${modules})`;
  return new HqlError(` Wrapped Exception: (java.lang.ClassCastException):\n${message}`, undefined, "internal");
}

/** Numbers and texts cannot be compared, unless the text is a number. */
function literalFault(wanted: StaticType, value: unknown, operand: HqlExpression): HqlError | undefined {
  if (wanted.kind !== "scalar" || operand.kind === "literal") return undefined;
  if (typeof value === "string") {
    const isOfKind = NUMBERS.includes(wanted.type)
      ? value.trim() !== "" && !Number.isNaN(Number(value))
      : wanted.type !== "time" || !Number.isNaN(Date.parse(value));
    return isOfKind ? undefined : dataFault();
  }
  const isNumber = typeof value === "bigint" || typeof value === "number";
  return isNumber && !NUMBERS.includes(wanted.type) ? statementFault() : undefined;
}
