/** What objects of the gateway share: their connection, and the classes they are made of. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { IObject } from "../../connect/ice/schema/omero.js";

/** Makes an object of the gateway of what the server gave. */
export type ObjectClass = new (context: ObjectContext, model: never, family: never) => object;

/** By OMERO's name of each type. */
export type ClassTable = Readonly<Record<string, ObjectClass>>;

export interface ObjectContext {
  readonly connection: OmeroConnection;
  readonly classes: ClassTable;
}

/** "Image" of "::omero::model::Image". */
export function typeNameOf({ iceId }: Pick<IObject, "iceId">): string {
  return iceId.slice(iceId.lastIndexOf(":") + 1);
}

/** Objects for which related ones are asked together. */
export interface Members {
  readonly context: ObjectContext;
  /** Each once. */
  readonly ids: readonly bigint[];
  /** Group that all are in; -1 where they are in several. */
  readonly group: number;
}
