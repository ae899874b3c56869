/** The objects that a registered table annotates. */
import { apiUsage, serverError, validation } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { StoredObject } from "../model/object-store.js";
import { ALL_GROUPS } from "../world/access.js";
import type { Session } from "../world/sessions.js";
import type { World } from "../world/world.js";

const LINK = "AnnotationLink";
const WRITTEN = /^([A-Za-z]{1,64}):(\d{1,18})$/;

export interface Targets {
  readonly targets: readonly StoredObject[];
  /** The group they are in; that of the session where there are none. */
  readonly group: bigint;
}

/**
 * The objects that texts such as `Image:101` name; types in any case, each object once.
 * @throws IceUserException for what is no object, or none the user can read; GroupSecurityViolation for several groups.
 */
export function findWebTargets(world: World, session: Session, written: readonly string[]): Targets {
  const access = world.access(session, new Map([["omero.group", String(ALL_GROUPS)]]));
  const classes = new Map(world.model.descendants("IObject").map((name) => [name.toLowerCase(), name]));
  const targets = new Map<string, StoredObject>();
  for (const text of written) {
    const [, type, id] = WRITTEN.exec(text) ?? [];
    if (type === undefined || id === undefined) throw apiUsage('targets must be objects such as "Image:101"');
    const className = classes.get(type.toLowerCase());
    if (className === undefined || !isAnnotated(world, className)) throw apiUsage(`Nothing is attached to a "${type}"`);
    const object = world.find(access, className, BigInt(id));
    if (!object) throw validation(`No such ${className}: ${id}`);
    targets.set(`${object.className}:${object.id}`, object);
  }
  const groups = new Set([...targets.values()].map(({ group }) => group));
  if (groups.size > 1) throw serverError("GroupSecurityViolation", "The targets are in different groups");
  return { targets: [...targets.values()], group: [...groups][0] ?? session.group };
}

/** New links from targets to one annotation. */
export function annotationLinks(world: World, targets: readonly StoredObject[], annotation: Instance): Instance[] {
  return targets.map(({ className, id }) => ({
    iceId: `::omero::model::${world.model.isA(className, "Annotation") ? "Annotation" : className}${LINK}`,
    loaded: true,
    parent: { iceId: `::omero::model::${className}`, id: { iceId: "::omero::RLong", val: id }, loaded: false },
    child: annotation,
  }));
}

function isAnnotated({ model }: World, className: string): boolean {
  return model.isA(className, "Annotation") || model.resolve(className + LINK) !== undefined;
}
