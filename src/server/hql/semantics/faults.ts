/** Faults that an OMERO server finds in the tree of a query, or its database in the statement made of it. */
import { HqlError } from "../grammar/syntax.js";

export function statementFault(): HqlError {
  return new HqlError("could not execute query", undefined, "statement");
}

export function dataFault(): HqlError {
  return new HqlError("could not execute query", undefined, "data");
}

export function unexpectedNode(text: string, position: number): HqlError {
  return new HqlError(`unexpected AST node: ${text}`, position, "token");
}
