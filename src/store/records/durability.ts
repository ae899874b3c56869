/** What a store promises of what was written. */

/** `always`: a write is on the disk when it resolves. `batched`: a loss of power may undo the last writes; the store stays sound. */
export type Durability = "always" | "batched";

export interface EnvironmentOptions {
  readonly readOnly: boolean;
  /** `"never"`: nothing waits for the disk, and a power cut can lose all. */
  readonly sync: Durability | "never";
}
