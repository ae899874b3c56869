/** Tables of OMERO in a statement of SQL: `omero_table(402)`. */
import { invalidArgument } from "../errors.js";

/** What a call of `omero_table` names. */
export type NamedTable = { readonly fileId: bigint } | { readonly annotationId: bigint } | { readonly path: string };

/** What is passed over: texts, quoted names and remarks; and the calls that are looked for. */
const PARTS =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\bomero_table\s*\(\s*(?:(\d+)|'((?:[^']|'')*)')\s*\)|\bomero_table\s*\(/gi;

/**
 * Puts a name in the place of each table of OMERO. The same table has one name.
 * @param nameOf the name for the number of a table, from 0
 * @throws ArgumentError `INVALID_ARGUMENT` for a call that names none
 */
export function nameTables(
  statement: string,
  nameOf: (number: number) => string,
): { readonly statement: string; readonly tables: readonly NamedTable[] } {
  const known = new Map<string, number>();
  const tables: NamedTable[] = [];
  const replaced = statement.replace(PARTS, (part, id: string | undefined, text: string | undefined) => {
    if (!/^omero_table/i.test(part)) return part;
    const key = id ?? text?.replaceAll("''", "'");
    if (key === undefined)
      throw invalidArgument("omero_table takes the id of a file, 'Annotation:142' or the path of a file");
    const number = known.get(key) ?? tables.push(parseName(key)) - 1;
    known.set(key, number);
    return nameOf(number);
  });
  return { statement: replaced, tables };
}

function parseName(text: string): NamedTable {
  const [, kind = "file", id] = /^(?:(file|annotation):)?(\d+)$/i.exec(text) ?? [];
  if (id === undefined) return { path: text };
  return kind.toLowerCase() === "file" ? { fileId: BigInt(id) } : { annotationId: BigInt(id) };
}
