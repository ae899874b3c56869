/** PyTables conditions: reading, checking, rewriting for a server, and applying them to column batches. */
export {
  allOf,
  anyOf,
  type ColumnExpression,
  type Comparable,
  type Computable,
  type ConditionBuilder,
  column,
  type Membership,
  not,
} from "./builder.js";
export {
  type CheckedCondition,
  checkCondition,
  checkParsed,
  type ParsedQuery,
  parseParts,
  parseQuery,
  type Query,
} from "./check.js";
export { compileCondition, compileQuery } from "./compile.js";
export type { Condition, ConditionNode } from "./grammar/condition.js";
export { quoteName } from "./grammar/names.js";
export { parseCondition } from "./grammar/parser.js";
export type { Span } from "./grammar/span.js";
export type { ConditionValue, ConditionVariables } from "./typing/variables.js";
