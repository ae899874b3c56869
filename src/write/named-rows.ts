/** Opens the rows of an upload, with ids in place of names of objects. */
import type { ColumnField, ColumnType } from "../columns/batch.js";
import { columnKind } from "../columns/kinds/kinds.js";
import { ArgumentError, DataError } from "../errors.js";
import type { Source } from "../formats/format.js";
import type { TableRules } from "../formats/table-rules.js";
import { warnOfNames } from "../formats/values/column-types.js";
import type { LinkTarget } from "../gateway/links.js";
import { levelsBelow } from "../gateway/names/hierarchy.js";
import type { QueryPlace } from "../gateway/names/paged-rows.js";
import type { CommonUploadOptions, NewTable } from "./destinations/destination.js";
import { isNamedType } from "./names/column-roles.js";
import { unresolvedError } from "./names/name-faults.js";
import { below, type NamedSource, resolveNames } from "./names/resolve-names.js";
import { zeroBasedPlaces } from "./names/zero-based-places.js";
import { chosenSource } from "./source-choice.js";

/** @throws ArgumentError `INVALID_ARGUMENT` for another way of resolving names than there is */
export function checkResolveNames(choice: unknown): void {
  if (choice === undefined || choice === "auto" || choice === false) return;
  throw new ArgumentError("INVALID_ARGUMENT", `resolveNames must be "auto" or false; found ${String(choice)}`);
}

type NamedTable = Pick<NewTable<CommonUploadOptions>, "targets" | "options" | "onWarning">;

/** The types of ids that names may stand for, below the first object that has any below it. */
export function namedTypes(table: NamedTable): readonly ColumnType[] {
  const target = namesTarget(table);
  return target === undefined ? [] : levelsBelow(target.type);
}

function namesTarget({ targets, options }: NamedTable): LinkTarget | undefined {
  return options.resolveNames === false ? undefined : targets.find(({ type }) => levelsBelow(type).length > 0);
}

/**
 * The rows with ids in place of names.
 * @throws DataError `UNRESOLVED_NAMES` with `column` and `row`, naming all that is unknown or ambiguous
 */
export async function namedRows(
  opened: Source,
  table: NamedTable,
  place: QueryPlace,
  rules: TableRules,
): Promise<Source> {
  const { source, unresolved } = await lookUpNames(opened, table, place, rules);
  if (unresolved.length > 0) throw unresolvedError(unresolved, below(namesTarget(table)!));
  return source;
}

/** As {@link namedRows}, but what is unknown or ambiguous is told and no error. */
export async function lookUpNames(
  opened: Source,
  table: NamedTable,
  place: QueryPlace,
  rules: TableRules,
): Promise<NamedSource> {
  const target = namesTarget(table);
  const { types } = chosenSource(table.options);
  const { onWarning } = table;
  const named =
    target === undefined
      ? { source: opened, found: [], unresolved: [] }
      : await resolveNames(opened, { target, place, types, rules, onWarning });
  refuseNames(named.source.fields, types, target);
  warnOfNames(named.source, { types, onWarning });
  if (target === undefined) return named;
  return { ...named, source: zeroBasedPlaces(named.source, opened.declared, onWarning) };
}

/** A column that shall hold ids and holds names of nothing cannot be stored as asked. */
function refuseNames(
  fields: readonly ColumnField[],
  types: ReadonlyMap<string, ColumnType>,
  target: LinkTarget | undefined,
): void {
  for (const { name, type } of fields) {
    const asked = types.get(name);
    if (asked === undefined || !isNamedType(asked) || columnKind(type) === "long") continue;
    const where = target === undefined ? "" : `, and there is no ${asked} below ${below(target)}`;
    const message = `columnTypes asks for ids of ${asked}s in column "${name}", which does not hold such${where}`;
    throw new DataError("VALUE_DOES_NOT_FIT", message, { column: name });
  }
}
