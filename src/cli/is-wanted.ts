import { warn } from "./output.js";

/** Asks whoever is at the terminal; nobody is taken for no, which is said. */
export async function isWanted(question: string, refused: string, signal: AbortSignal): Promise<boolean> {
  const { terminalAsk } = await import("../connect/credentials/prompt.js");
  const answer = await terminalAsk()?.({ text: `${question} yes or no`, fallback: "no" }, signal);
  if (answer !== undefined && /^y(es)?$/i.test(answer)) return true;
  warn(refused);
  return false;
}
