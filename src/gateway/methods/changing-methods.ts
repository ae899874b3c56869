/** Methods of a connection that make, change and remove objects. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { GroupRef } from "../../connect/groups.js";
import type { ObjectId } from "../../connect/object-id.js";
import { checkOptions } from "../../flow/options.js";
import type { CreateOptions, WriteOptions } from "../annotations/annotate.js";
import type { Annotation } from "../annotations/annotation.js";
import type { NewAnnotation } from "../annotations/new-annotation.js";
import type { ObjectTypes } from "../finding/object-types.js";
import type { GraphOptions, GraphResult } from "../managing/graph-requests.js";
import { type ObjectRef, type OneOrMore, refsOf } from "../object-ref.js";
import type { OmeroObject } from "../objects/omero-object.js";
import type { CreatedType, CreateObjectOptions } from "../saving/create-object.js";

/** Making, changing and removing objects. */
export interface ChangingMethods {
  /**
   * Makes a project, dataset, screen, plate or folder.
   *
   * @example
   * ```ts
   * const project = await connection.createObject("Project", { name: "Nuclei" });
   * const dataset = await connection.createObject("Dataset", { name: "Day 1", parent: project });
   * ```
   */
  createObject<Type extends CreatedType>(type: Type, options: CreateObjectOptions): Promise<ObjectTypes[Type]>;
  /** Has objects lie in another as well: datasets in a project, images in a dataset. Those that do already stay. */
  linkObjects(parent: ObjectRef, children: OneOrMore<ObjectRef>, options?: WriteOptions): Promise<void>;
  /** Takes objects out of another; they stay. Returns how many lay in it. */
  unlinkObjects(parent: ObjectRef, children: OneOrMore<ObjectRef>, options?: WriteOptions): Promise<number>;
  /**
   * Makes an annotation and links it to objects of one group; a tag of the user's that is there already is taken.
   *
   * @example
   * ```ts
   * await connection.annotate([["Image", 1], ["Image", 2]], { tag: "best" });
   * ```
   */
  annotate(objects: OneOrMore<ObjectRef>, annotation: NewAnnotation, options?: WriteOptions): Promise<Annotation>;
  /**
   * Makes an annotation that is on nothing yet, in the connection's group unless another is given; a tag of the user's that is there
   * already is taken.
   *
   * @example
   * ```ts
   * const colours = await connection.createAnnotation({ tagSet: "colours" });
   * await colours.annotate({ tag: "red" });
   * ```
   */
  createAnnotation(annotation: NewAnnotation, options?: CreateOptions): Promise<Annotation>;
  /** Links annotations that are there to objects. Links that are there already stay. */
  linkAnnotations(
    objects: OneOrMore<ObjectRef>,
    annotations: OneOrMore<ObjectRef>,
    options?: WriteOptions,
  ): Promise<void>;
  /**
   * Removes objects of one type with what hangs on them. With `children: false` what lies in them stays, on every level; with
   * `annotations: false` all annotations do. A dry run says what would go.
   *
   * @throws ServerError `SERVER_FAILURE` with the server's reason where it refuses: nothing is removed then
   * @example
   * ```ts
   * const { deleted } = await connection.deleteObjects("Dataset", [12], { dryRun: true });
   * ```
   */
  deleteObjects(type: string, ids: OneOrMore<ObjectId>, options?: GraphOptions): Promise<GraphResult>;
  /** Moves objects of one type with what hangs on them to another group, given by name or id. */
  moveToGroup(type: string, ids: OneOrMore<ObjectId>, group: GroupRef, options?: GraphOptions): Promise<GraphResult>;
  /** Gives objects of one type with what hangs on them to another user, given by id or log-in name. */
  changeOwner(type: string, ids: OneOrMore<ObjectId>, owner: ObjectId, options?: GraphOptions): Promise<GraphResult>;
  /** Says what members of a group may do: `PRIVATE`, `READ-ONLY`, `READ-ANNOTATE`, `READ-WRITE`, or a text like `rwra--`. */
  setPermissions(
    group: GroupRef,
    permissions: string,
    options?: Pick<GraphOptions, "dryRun" | "signal" | "timeout">,
  ): Promise<GraphResult>;
}

const contextOf = async (connection: OmeroConnection) => {
  const { objectContext } = await import("../finding/object-types.js");
  return objectContext(connection);
};
const creating = () => import("../saving/create-object.js");
const annotating = () => import("../annotations/annotate.js");
const graphs = () => import("../managing/graph-requests.js");
const groups = () => import("../people/groups.js");

/** What is asked of these objects after the change is asked of the server. */
async function changing<T>(objects: OneOrMore<ObjectRef>, change: Promise<T>): Promise<T> {
  try {
    return await change;
  } finally {
    for (const object of refsOf(objects))
      if (typeof object === "object" && "forgetRelated" in object) (object as OmeroObject).forgetRelated();
  }
}

export const CHANGING_METHODS: ChangingMethods & ThisType<OmeroConnection> = {
  async createObject(type, options) {
    return (await (await creating()).createObject(await contextOf(this), type, options)) as never;
  },
  async linkObjects(parent, children, options = {}) {
    const { linkObjects } = await creating();
    const below = refsOf(children);
    return changing([parent, ...below], linkObjects(await contextOf(this), parent, below, options));
  },
  async unlinkObjects(parent, children, options = {}) {
    const { unlinkObjects } = await creating();
    const below = refsOf(children);
    return changing([parent, ...below], unlinkObjects(await contextOf(this), parent, below, options));
  },
  async annotate(objects, annotation, options) {
    const { annotateObjects } = await annotating();
    return changing(objects, annotateObjects(await contextOf(this), refsOf(objects), annotation, options));
  },
  async createAnnotation(annotation, options) {
    const { createAnnotation } = await annotating();
    return createAnnotation(await contextOf(this), annotation, options);
  },
  async linkAnnotations(objects, annotations, options) {
    const { linkAnnotations } = await annotating();
    return changing(objects, linkAnnotations(await contextOf(this), refsOf(objects), refsOf(annotations), options));
  },
  async deleteObjects(type, ids, options = {}) {
    const { deleteTargets, GRAPH_OPTIONS } = await graphs();
    checkOptions(options, GRAPH_OPTIONS, "deleteObjects");
    return deleteTargets(await contextOf(this), type, [ids].flat(), options);
  },
  async moveToGroup(type, ids, group, options = {}) {
    const { moveTargets, GRAPH_OPTIONS } = await graphs();
    checkOptions(options, GRAPH_OPTIONS, "moveToGroup");
    const { groupIdOf } = await import("../people/group-id.js");
    const target = await groupIdOf(this, group);
    return moveTargets(await contextOf(this), type, [ids].flat(), target!, options);
  },
  async changeOwner(type, ids, owner, options = {}) {
    const { giveTargets, GRAPH_OPTIONS } = await graphs();
    checkOptions(options, GRAPH_OPTIONS, "changeOwner");
    const context = await contextOf(this);
    return giveTargets(
      context,
      type,
      [ids].flat(),
      await (await groups()).userIdOf(context, owner, options.signal),
      options,
    );
  },
  async setPermissions(group, permissions, options = {}) {
    const [{ changePermissions }, { permissionsByName }, { groupIdOf }] = await Promise.all([
      graphs(),
      import("../objects/details.js"),
      import("../people/group-id.js"),
    ]);
    checkOptions(options, { dryRun: true, signal: true, timeout: true }, "setPermissions");
    const text = permissionsByName(permissions);
    const id = await groupIdOf(this, group);
    return changePermissions(await contextOf(this), id!, text, options);
  },
};
