/** What to send back of a saved object. */
import { emptyPlan, type FetchPlan, planFrom } from "../../hql/grammar/fetch-plan.js";
import type { Instance } from "../../model/materialize.js";
import type { World } from "../world.js";

/** As much as the client sent loaded, what it refers to, and when that was. */
export function planOf(world: World, instance: Instance, seen = new Set<Instance>()): FetchPlan {
  const plan = planFrom({ details: { owner: {}, creationEvent: {}, updateEvent: {} } });
  const className = world.model.resolve(instance.iceId);
  if (!className || seen.has(instance)) return plan;
  seen.add(instance);
  for (const [name, member] of world.model.members(className)) {
    const isSent = member.kind === "reference" ? instance[name] : instance[`${name}Loaded`] === true;
    const items = member.kind === "reference" ? [instance[name]] : itemsOf(instance, name);
    const loaded = (items as (Instance | null | undefined)[]).filter((item) => item && item.loaded !== false);
    if (member.kind === "value" || (!isSent && loaded.length === 0)) continue;
    const inner = emptyPlan();
    for (const item of loaded) mergePlan(inner, planOf(world, item!, seen));
    plan.properties.set(name, inner);
  }
  return plan;
}

function mergePlan(into: FetchPlan, from: FetchPlan): void {
  for (const [name, inner] of from.properties) {
    const known = into.properties.get(name);
    if (known) mergePlan(known, inner);
    else into.properties.set(name, inner);
  }
}

export function itemsOf(instance: Instance, collection: string): readonly (Instance | null)[] {
  return (instance[`${collection}Seq`] as readonly (Instance | null)[] | undefined) ?? [];
}
