/** Prints what a step of an example gives, under the step's name. */
export function tell(step: string, given: unknown): void {
  console.log(`${step}: ${JSON.stringify(given)}`);
}
