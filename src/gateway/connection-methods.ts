/** Objects of OMERO by methods of a connection. */
import { OmeroConnection } from "../connect/connection.js";
import type { ObjectId } from "../connect/object-id.js";
import type { ObjectConditions } from "./finding/conditions.js";
import type { GetObjectOptions, GetObjectsOptions } from "./finding/find-objects.js";
import type { ObjectType, ObjectTypes } from "./finding/object-types.js";

/** Classes of a caller's own, by the type of object that they stand for. */
export type WrapperClasses = {
  readonly [Type in ObjectType]?: abstract new (
    ...args: never[]
  ) => ObjectTypes[Type];
};

/** The types of objects where some have classes of a caller's own. */
export type ExtendedTypes<Classes> = {
  [Type in ObjectType]: Type extends keyof Classes
    ? Classes[Type] extends abstract new (
        ...args: never[]
      ) => infer Instance
      ? Instance
      : ObjectTypes[Type]
    : ObjectTypes[Type];
};

/** What a connection can do with objects besides calls to services. */
export interface ObjectMethods<Types extends { [Type in ObjectType]: unknown } = ObjectTypes> {
  /**
   * The object of an id.
   *
   * @throws TableError `NOT_FOUND` where there is none that this user can see in the group
   * @example
   * ```ts
   * const image = await connection.getObject("Image", 101);
   * console.log(image.name, image.sizeX, image.details.owner?.fullName);
   * ```
   */
  getObject<Type extends ObjectType>(type: Type, id: ObjectId, options?: GetObjectOptions): Promise<Types[Type]>;
  /** As `getObject`, with undefined for an object that is not there. */
  findObject<Type extends ObjectType>(
    type: Type,
    id: ObjectId,
    options?: GetObjectOptions,
  ): Promise<Types[Type] | undefined>;
  /**
   * All objects that meet some conditions, page by page.
   *
   * @example
   * ```ts
   * for await (const dataset of connection.getObjects("Dataset", { owner: "ann", orderBy: "name" })) console.log(dataset.name);
   * ```
   */
  getObjects<Type extends ObjectType>(
    type: Type,
    options?: GetObjectsOptions,
  ): AsyncGenerator<Types[Type], void, undefined>;
  /** How many objects meet some conditions; none is loaded. */
  countObjects(type: ObjectType, options?: ObjectConditions & GetObjectOptions): Promise<number>;
  /**
   * A view of the connection whose objects are of classes of the caller's own, wherever they come from.
   *
   * @example
   * ```ts
   * class MyImage extends Image {
   *   get pixelCount() {
   *     return (this.sizeX ?? 0) * (this.sizeY ?? 0);
   *   }
   * }
   * const extended = await connection.extendWrappers({ Image: MyImage });
   * console.log((await extended.getObject("Image", 101)).pixelCount);
   * ```
   */
  extendWrappers<const Classes extends WrapperClasses>(
    classes: Classes,
  ): Promise<ObjectMethods<ExtendedTypes<Classes>> & OmeroConnection>;
}

declare module "../connect/connection.js" {
  interface OmeroConnection extends ObjectMethods {}
}

/** Loaded when first used: a program that reads tables alone does without. */
const typesOf = () => import("./finding/object-types.js");
const finding = async (connection: OmeroConnection) => {
  const [{ objectContext }, methods] = await Promise.all([typesOf(), import("./finding/find-objects.js")]);
  return { ...methods, context: objectContext(connection) };
};

const METHODS: ObjectMethods & ThisType<OmeroConnection> = {
  async getObject(type, id, options) {
    const { getOne, context } = await finding(this);
    return getOne(context, type, id, options);
  },
  async findObject(type, id, options) {
    const { findOne, context } = await finding(this);
    return findOne(context, type, id, options);
  },
  async *getObjects(type, options) {
    const { findMany, context } = await finding(this);
    yield* findMany(context, type, options);
  },
  async countObjects(type, options) {
    const { countMany, context } = await finding(this);
    return countMany(context, type, options);
  },
  async extendWrappers(classes) {
    const { viewWithClasses } = await typesOf();
    return viewWithClasses(this, classes as never) as never;
  },
};

/** Gives connections the methods of {@link ObjectMethods}. */
export function addObjectMethods(): void {
  for (const [name, value] of Object.entries(METHODS)) {
    Object.defineProperty(OmeroConnection.prototype, name, { value, configurable: true, writable: true });
  }
}
