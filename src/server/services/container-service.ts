/** `omero::api::IContainer`, as far as gateways use it to load an object they know by its id. */
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { StoredObject } from "../model/object-store.js";
import type { SessionContext } from "./context.js";

export class ContainerService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** The containers with these ids; of all ids, where none is given. Their contents are not loaded. */
  loadContainerHierarchy(rootType: string, ids: BigInt64Array, _parameters: unknown, current: Current): Instance[] {
    return this.#load(rootType, ids, current);
  }

  getImages(rootType: string, ids: BigInt64Array, _parameters: unknown, current: Current): Instance[] {
    if (this.#class(rootType) === "Image") return this.#load("Image", ids, current);
    const { store } = this.#context.world;
    const access = this.#context.access(current);
    const links = [...store.all("DatasetImageLink")].filter(({ values }) =>
      ids.includes((values.parent as { id: bigint }).id),
    );
    const images = links.flatMap(({ values }) => store.get("Image", (values.child as { id: bigint }).id) ?? []);
    return this.#context.loadAll(access, new Set(images.filter((image) => access.canRead(image))));
  }

  /** Number of items in the collection `property` of each object. */
  getCollectionCount(
    type: string,
    property: string,
    ids: BigInt64Array,
    _parameters: unknown,
    current: Current,
  ): Map<bigint, bigint> {
    const { model, store } = this.#context.world;
    const className = this.#class(type);
    const name = property.replace(/^ome\.model\..*_/, "");
    const member = model.member(className, name);
    if (member?.kind !== "collection") throw apiUsage(`${className} has no collection ${name}`);
    const access = this.#context.access(current);
    return new Map(
      [...ids].map((id) => {
        const items = store.referring(member.className, member.inverse, { className, id });
        return [id, BigInt(items.filter((item) => access.canRead(item)).length)];
      }),
    );
  }

  #load(type: string, ids: BigInt64Array, current: Current): Instance[] {
    const { store } = this.#context.world;
    const access = this.#context.access(current);
    const className = this.#class(type);
    const objects: Iterable<StoredObject> =
      ids.length === 0 ? store.all(className) : [...ids].flatMap((id) => store.get(className, id) ?? []);
    return this.#context.loadAll(
      access,
      [...objects].filter((object) => access.canRead(object)),
    );
  }

  #class(written: string): string {
    const className = this.#context.world.model.resolve(written);
    if (!className) throw apiUsage(`Unknown type: ${written}`);
    return className;
  }
}
