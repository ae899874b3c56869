/** Files of tests may share a process: each leaves clocks, functions and variables of the environment as it found them. */
import { afterAll, vi } from "vitest";

afterAll(() => {
  // In this order: a function of a false clock may have been watched, and is put back first.
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});
