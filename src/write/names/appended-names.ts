/** Names of objects in rows for a table that exists become ids, looked up below an object. */
import type { ColumnField } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import type { OmeroConnection } from "../../connect/connection.js";
import { ArgumentError, DataError } from "../../errors.js";
import type { OnWarning } from "../../flow/warnings.js";
import type { Source } from "../../formats/format.js";
import { checkLinkTargets, type LinkTarget } from "../../gateway/links.js";
import { levelsBelow } from "../../gateway/names/hierarchy.js";
import { checkRowNames, SETTLED } from "../matching.js";
import { isNamedType } from "./column-roles.js";
import { unresolvedError } from "./name-faults.js";
import { below, resolveNames } from "./resolve-names.js";

/** Below what names are looked up, and how it is reached. */
export interface AppendedNames {
  readonly target: LinkTarget;
  readonly connection: OmeroConnection;
  readonly onWarning: OnWarning;
  readonly signal?: AbortSignal | undefined;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for an object that has no others below it */
export function checkNamesTarget({ type, id }: LinkTarget): void {
  if (levelsBelow(type).length > 0) return;
  throw new ArgumentError("INVALID_ARGUMENT", `There are no objects with names below ${type} ${id}`);
}

/** The columns of a table that rows may give names for. */
export function namedFields(fields: readonly ColumnField[], { target }: Pick<AppendedNames, "target">): ColumnField[] {
  const levels: readonly string[] = levelsBelow(target.type);
  return fields.filter(({ type }) => isNamedType(type) && levels.includes(type));
}

/**
 * The rows with ids in place of names, and the columns of names that the table has beside them.
 * @throws DataError `UNRESOLVED_NAMES`, `VALUE_DOES_NOT_FIT`; ArgumentError `UNKNOWN_COLUMN`
 */
export async function appendedNames(
  opened: Source,
  fields: readonly ColumnField[],
  { target, connection, onWarning, signal }: AppendedNames,
): Promise<Source> {
  const group = await checkLinkTargets(connection, [target], () => {}, signal);
  const types = new Map(namedFields(fields, { target }).map(({ name, type }) => [name, type]));
  const place = { connection, group, signal };
  const { source, unresolved } = await resolveNames(opened, { target, place, types, rules: SETTLED, onWarning });
  if (unresolved.length > 0) throw unresolvedError(unresolved, below(target), "Nothing was appended; correct them");
  const given = source.fields.slice(0, opened.fields.length).map(({ name }) => name);
  const known = new Set(fields.map(({ name }) => name));
  const added = source.fields.slice(opened.fields.length).map(({ name }) => name);
  checkRowNames([...given, ...added.filter((name) => known.has(name))], fields, false);
  for (const field of namedFields(fields, { target })) refuseNames(field, source);
  return source;
}

function refuseNames({ name, type }: ColumnField, source: Source): void {
  const field = source.fields.find((one) => one.name === name);
  if (field === undefined || columnKind(field.type) === "long" || source.rowCount === 0) return;
  const message = `Column "${name}" of the table holds ids of ${type}s, and the rows hold neither these nor names of any`;
  throw new DataError("VALUE_DOES_NOT_FIT", message, { column: name });
}
