/** `omero::cmd::DiskUsage2`: how much room files, pixels and thumbnails take, by user and group. */
import type { DiskUsage2 } from "../../connect/ice/schema/omero.js";
import { apiUsage } from "../exceptions.js";
import type { StoredObject } from "../model/object-store.js";
import { StoredPixels } from "../pixels/stored-pixels.js";
import { childrenOf } from "../world/graph/graph-edges.js";
import { type Command, inAllGroups, type Response, targetsOf } from "./answers.js";

const MAXIMUM_OBJECTS = 100_000;

interface Usage {
  readonly pair: { readonly first: bigint; readonly second: bigint };
  readonly counts: Map<string, number>;
  readonly bytes: Map<string, bigint>;
}

export function runDiskUsage(command: Command, request: DiskUsage2): Response {
  const { world } = command.context;
  const access = inAllGroups(command.access);
  const classes = request.targetClasses.flatMap((name) => {
    const className = world.model.resolve(name);
    if (!className) throw apiUsage(`Unknown type: ${name}`);
    return [...world.store.all(className)].filter((object) => access.canRead(object));
  });
  const usages = new Map<string, Usage>();
  const found = reached(command, [...targetsOf(command, request), ...classes]);
  for (const [object, referer] of found) note(command, usages, object, referer);
  const all = [...usages.values()];
  return {
    iceId: "::omero::cmd::DiskUsage2Response",
    fileCountByReferer: new Map(all.map(({ pair, counts }) => [pair, counts])),
    bytesUsedByReferer: new Map(all.map(({ pair, bytes }) => [pair, bytes])),
    totalFileCount: new Map(all.map(({ pair, counts }) => [pair, [...counts.values()].reduce((a, b) => a + b, 0)])),
    totalBytesUsed: new Map(all.map(({ pair, bytes }) => [pair, [...bytes.values()].reduce((a, b) => a + b, 0n)])),
  };
}

/** The targets and all below them, with the classes that their room counts for: files count for what refers to them. */
function reached({ context, access }: Command, targets: readonly StoredObject[]): Map<StoredObject, string> {
  const everywhere = inAllGroups(access);
  const seen = new Map<StoredObject, string>();
  let next = targets.map((object) => ({ object, referer: object.className }));
  while (next.length > 0) {
    const fresh = next.filter(({ object }) => !seen.has(object) && everywhere.canRead(object));
    for (const { object, referer } of fresh) seen.set(object, referer);
    if (seen.size > MAXIMUM_OBJECTS) throw apiUsage(`More than ${MAXIMUM_OBJECTS} objects: name fewer`);
    next = fresh.flatMap(({ object }) =>
      childrenOf(context.world, object).map((child) => ({
        object: child,
        referer: child.className === "OriginalFile" ? object.className : child.className,
      })),
    );
  }
  return seen;
}

function note({ context }: Command, usages: Map<string, Usage>, object: StoredObject, referer: string): void {
  const size = sizeOf(context.world, object);
  if (size === undefined) return;
  const key = `${object.owner}:${object.group}`;
  let usage = usages.get(key);
  if (!usage) {
    usage = { pair: { first: object.owner, second: object.group }, counts: new Map(), bytes: new Map() };
    usages.set(key, usage);
  }
  const { counts, bytes } = usage;
  counts.set(referer, (counts.get(referer) ?? 0) + 1);
  bytes.set(referer, (bytes.get(referer) ?? 0n) + size);
}

/** Undefined for what takes no room of its own. */
function sizeOf(world: Command["context"]["world"], object: StoredObject): bigint | undefined {
  if (object.className === "Pixels") return BigInt(new StoredPixels(world, object).layout.totalSize);
  if (object.className !== "OriginalFile") return undefined;
  return (object.values.size as { val: bigint } | null | undefined)?.val ?? 0n;
}
