/** What an OMERO server answers to a query that it cannot read or run. */
import type { IceUserException } from "../../connect/ice/codec/ice-exception.js";
import { apiUsage, internal, serverError, validation } from "../exceptions.js";
import { javaName } from "../model/java-names.js";
import type { Model } from "../model/model.js";
import { type ExpandedText, expandedText } from "./grammar/expanded-text.js";
import type { HqlError } from "./grammar/syntax.js";
import { mappedClass } from "./semantics/static-types.js";

export function queryFault(model: Model, written: string, { message, position, fault }: HqlError): IceUserException {
  const expanded = expand(model, written ?? "");
  const illegal = (reason: string) => serverError("QueryException", `Illegal query:${written ?? ""}\n${reason}`);
  switch (fault) {
    case "token":
      return illegal(`${message} near ${placeIn(expanded.text, expanded.placeOf(position ?? 0))} [${expanded.text}]`);
    case "query":
      return illegal(`${message} [${expanded.text}]`);
    case "bare":
      return illegal(message);
    case "internal":
      return internal(message);
    case "change": {
      const reason = `${message} [${expanded.text}]`;
      return apiUsage(`${reason}; nested exception is org.hibernate.hql.QueryExecutionRequestException: ${reason}`);
    }
    case "statement":
      return apiUsage(notExecuted(message, expanded.text, "SQLGrammarException"));
    case "data":
      return validation(notExecuted(message, expanded.text, "DataException"));
  }
}

function expand(model: Model, written: string): ExpandedText {
  return expandedText(written, (name) => {
    const className = mappedClass(model, name);
    return className && javaName(model, className);
  });
}

/** Of a query that asks what is in a list of nothing. */
export function emptyList(model: Model, written: string): IceUserException {
  const reason = `unexpected end of subtree [${expand(model, written).text}]`;
  return apiUsage(`${reason}; nested exception is org.hibernate.hql.ast.QuerySyntaxException: ${reason}`);
}

function placeIn(text: string, position: number): string {
  const lines = text.slice(0, position).split("\n");
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}`;
}

/** The statement itself is that of another database: the query stands in its place. */
function notExecuted(message: string, text: string, type: string): string {
  return `${message}; SQL [${text}]; nested exception is org.hibernate.exception.${type}: ${message}`;
}
