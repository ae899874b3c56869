/** Objects of OMERO by methods of a connection. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { IObject } from "../../connect/ice/schema/omero.js";
import type { ObjectId } from "../../connect/object-id.js";
import type { ObjectConditions } from "../finding/conditions.js";
import type { GetObjectOptions, GetObjectsOptions } from "../finding/find-objects.js";
import type { ObjectType, ObjectTypes } from "../finding/object-types.js";
import type { QueryOptions } from "../finding/plain-query.js";
import type { OmeroObject } from "../objects/omero-object.js";
import type { PlainValue } from "../plain-values.js";

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

/** The class of an object that is made of a model object. */
export type WrapperOf<Types, Model extends IObject> = Model["iceId"] extends `::omero::model::${infer Type}`
  ? Type extends keyof Types
    ? Types[Type]
    : OmeroObject<Model>
  : OmeroObject<Model>;

/** Finding objects. */
export interface FindingMethods<Types extends { [Type in ObjectType]: unknown } = ObjectTypes> {
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
  /** All projects, by name; those of one user, if `owner` is given. */
  listProjects(options?: Omit<GetObjectsOptions, "orderBy">): AsyncGenerator<Types["Project"], void, undefined>;
  /** All screens, by name; those of one user, if `owner` is given. */
  listScreens(options?: Omit<GetObjectsOptions, "orderBy">): AsyncGenerator<Types["Screen"], void, undefined>;
  /**
   * Rows of a query in HQL, with plain values in and out: ids as numbers, texts, dates, sizes; whole objects as those of
   * `getObject`. Whole numbers are sent as int64; give `rint(3)` where the query compares an int32.
   *
   * @example
   * ```ts
   * const rows = await connection.query<[number, string]>("select i.id, i.name from Image i where i.id in (:ids)", { ids: [1, 2] });
   * ```
   */
  query<Row extends readonly unknown[] = unknown[]>(
    hql: string,
    values?: Readonly<Record<string, PlainValue>>,
    options?: QueryOptions,
  ): Promise<Row[]>;
  /**
   * The object of a model object, as services give them: with plain properties, and methods that ask the server. Nothing is asked now.
   *
   * @throws ArgumentError `INVALID_ARGUMENT` for what has no id yet
   * @example
   * ```ts
   * const [model] = await connection.service("::omero::api::IContainer").getImages("Image", [101], null);
   * const image = await connection.wrap(model as omero.Image);
   * console.log(image.name, await image.tags());
   * ```
   */
  wrap<Model extends IObject>(model: Model): Promise<WrapperOf<Types, Model>>;
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
  ): Promise<FindingMethods<ExtendedTypes<Classes>> & OmeroConnection>;
}

/** Loaded when first used: a program that reads tables alone does without. */
const typesOf = () => import("../finding/object-types.js");
const finding = async (connection: OmeroConnection) => {
  const [{ objectContext }, methods] = await Promise.all([typesOf(), import("../finding/find-objects.js")]);
  return { ...methods, context: objectContext(connection) };
};

export const FINDING_METHODS: FindingMethods & ThisType<OmeroConnection> = {
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
  async *listProjects(options) {
    yield* this.getObjects("Project", { ...options, orderBy: "name" });
  },
  async *listScreens(options) {
    yield* this.getObjects("Screen", { ...options, orderBy: "name" });
  },
  async query(hql, values, options) {
    const [{ objectContext }, { plainQuery }] = await Promise.all([typesOf(), import("../finding/plain-query.js")]);
    return plainQuery(objectContext(this), hql, values, options) as never;
  },
  async wrap(model) {
    const { objectContext, wrapModel } = await typesOf();
    return wrapModel(objectContext(this), model) as never;
  },
  async extendWrappers(classes) {
    const { viewWithClasses } = await typesOf();
    return viewWithClasses(this, classes as never) as never;
  },
};
