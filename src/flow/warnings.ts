import { visibleText } from "../errors.js";

/** What is worth knowing but no error. */
export type OnWarning = (message: string) => void;

/** Tells warnings to whoever listens to the process's. */
export function emitWarning(message: string): void {
  process.emitWarning(visibleText(message), { type: "OmeroWarning" });
}
