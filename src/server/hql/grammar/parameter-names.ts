import type { HqlQuery } from "./syntax.js";

/** The named parameters that a query asks for, wherever in it. */
export function parameterNames(query: HqlQuery): Set<string> {
  const names = new Set<string>();
  collect(query, names);
  return names;
}

function collect(part: unknown, names: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  if (isParameter(part)) names.add(part.name);
  else for (const inner of Object.values(part)) collect(inner, names);
}

function isParameter(part: object): part is { kind: "parameter"; name: string } {
  return "kind" in part && part.kind === "parameter" && "name" in part && typeof part.name === "string";
}
