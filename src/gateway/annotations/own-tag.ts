/** A user's tag of a text, made where there is none. A server takes any number of equal tags: that there is one is seen to here. */
import { TaskQueue } from "../../flow/task-queue.js";
import { type RType, rlong, rstring } from "../../rtypes.js";
import { deleteObjects } from "../delete.js";
import { idOf, queryRows } from "../loading/query-rows.js";
import type { AnnotationWork } from "./annotation-links.js";

/** A tag's text and namespace. */
interface TagText {
  readonly text: string;
  readonly namespace: string | undefined;
}

/** By what is asked for: calls of this process for the same tag come one after another. */
const queues = new Map<string, { readonly queue: TaskQueue; waiting: number }>();

/**
 * The tag that is there already, else one that `make` makes. Another program may have made the same meanwhile: then the one of the lowest
 * id stays, and `link` links it in place of that which was made here.
 */
export function ownTag(
  work: AnnotationWork,
  tag: TagText,
  { make, link }: { make: () => Promise<bigint>; link: (tag: bigint) => Promise<void> },
): Promise<bigint> {
  return oneAtATime(keyOf(work, tag), async () => {
    const known = await lowest(work, tag);
    if (known !== undefined) {
      await link(known);
      return known;
    }
    const made = await make();
    const first = (await lowest(work, tag)) ?? made;
    if (first === made) return made;
    await link(first);
    const { context, group, signal } = work;
    await deleteObjects(context.connection, { TagAnnotation: [Number(made)] }, { group, signal });
    return first;
  });
}

async function lowest({ context, group, signal }: AnnotationWork, { text, namespace }: TagText) {
  const condition = namespace === undefined ? "t.ns is null" : "t.ns = :namespace";
  const hql = `select t.id from TagAnnotation t where t.textValue = :text and ${condition} and t.details.owner.id = :owner order by t.id`;
  const values: Record<string, RType> = {
    text: rstring(text),
    owner: rlong(context.connection.session.userId),
    ...(namespace === undefined ? {} : { namespace: rstring(namespace) }),
  };
  const [row] = await queryRows(context, hql, values, { group, signal, limit: 1 });
  return row && idOf(row[0]);
}

function keyOf({ context, group }: AnnotationWork, { text, namespace }: TagText): string {
  const { server, session } = context.connection;
  return JSON.stringify([server.host, server.port, session.userId, group, namespace, text]);
}

async function oneAtATime<T>(key: string, task: () => Promise<T>): Promise<T> {
  const entry = queues.get(key) ?? { queue: new TaskQueue(), waiting: 0 };
  queues.set(key, entry);
  entry.waiting += 1;
  try {
    return await entry.queue.run(task);
  } finally {
    entry.waiting -= 1;
    if (entry.waiting === 0) queues.delete(key);
  }
}
