import { isAscii } from "../grammar/text-literal.js";
import { type ConstantExpression, type Expression, partsOf } from "./expression.js";

/**
 * The text constants numexpr cannot take as they are: `foreign` is one that is not ASCII, `mixed` a bytes literal beside
 * text literals, among which it cannot be sorted.
 */
export interface TextConstants {
  readonly foreign?: ConstantExpression;
  readonly mixed?: ConstantExpression;
}

/** @param expression as built, its constants not yet converted */
export function textConstants(expression: Expression): TextConstants {
  let foreign: ConstantExpression | undefined;
  let text: ConstantExpression | undefined;
  let bytes: ConstantExpression | undefined;
  for (const part of partsOf(expression)) {
    if (part.type !== "constant") continue;
    if (part.value instanceof Uint8Array) bytes = part;
    if (typeof part.value !== "string") continue;
    text = part;
    if (!isAscii(part.value)) foreign = part;
  }
  return { ...(foreign && { foreign }), ...(text && bytes && { mixed: bytes }) };
}
