/** Calls made by hand. */
import type { Call, CallOptions } from "../../src/connect/ice/client/call.js";
import type { Operation } from "../../src/connect/ice/schema/schema.js";

/** @param mode 0 normal, 1 nonmutating, 2 idempotent */
export function callTo<Target>(
  target: Target,
  name: string,
  mode: Operation["mode"],
  parameters: Uint8Array = new Uint8Array(0),
  { label = name, context = {}, ...limits }: CallOptions & { readonly label?: string } = {},
): Call<Target> {
  return { target, operation: { name, mode }, parameters: [parameters], context, limits, label };
}
