/** What an opened table can do with the objects that its rows speak of. */
import { checkOptions, type OptionNames } from "../flow/options.js";
import { RemoteTable } from "../gateway/tables/table.js";
import { SELECTION_OPTIONS, type SelectionOptions } from "./plan/table-selection.js";
import type { TableObject, TableObjectsOptions, TableObjectType } from "./table-objects.js";

/** Which rows of an opened table, and the column that holds ids. */
export interface RowObjectsOptions extends Omit<SelectionOptions, "columnNames">, Pick<TableObjectsOptions, "column"> {}

const { columnNames: _, ...SELECTION } = SELECTION_OPTIONS;
const ROW_OBJECTS_OPTIONS: OptionNames<RowObjectsOptions> = { ...SELECTION, column: true };

/** An opened table, and the objects that its rows speak of. */
export interface TableMethods {
  /**
   * The objects that rows speak of, in the rows' order, as they are needed: images, wells, regions and so on, by the ids in a column
   * of that type. Rows without one, or with one that this user cannot see, are left out.
   *
   * @throws ArgumentError `UNKNOWN_COLUMN` for a table without such a column; and what `readBatches` throws
   * @example
   * ```ts
   * await using table = await openTable(connection, { fileId: 10 });
   * for await (const { row, object } of table.objects("Image", { query: "area > 1000" })) console.log(row, object.name);
   * ```
   */
  objects<Type extends TableObjectType>(
    type: Type,
    options?: RowObjectsOptions,
  ): AsyncGenerator<TableObject<Type>, void, undefined>;
}

declare module "../gateway/tables/table.js" {
  interface RemoteTable extends TableMethods {}
}

const TABLE_METHODS: TableMethods & ThisType<RemoteTable> = {
  async *objects(type, options = {}) {
    checkOptions(options, ROW_OBJECTS_OPTIONS, "objects");
    const { tableObjects } = await import("./table-objects.js");
    yield* tableObjects(type, { ...options, connection: this.connection, table: this });
  },
};

/** Gives opened tables these methods; what they need is loaded when they are first called. */
export function addTableMethods(): void {
  Object.defineProperty(RemoteTable.prototype, "objects", {
    value: TABLE_METHODS.objects,
    configurable: true,
    writable: true,
  });
}
