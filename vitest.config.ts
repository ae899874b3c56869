import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const SUITES = ["reference", "faults", "hostile", "nightly"];
/** Folders whose files of tests leave nothing behind: a process loads their modules once for all of them. */
const SHARED = ["columns", "query", "formats", "view"];
/** Milliseconds that a test of a suite has. */
const TIMEOUTS: Record<string, number> = { nightly: 3_600_000 };
const DEFAULT_TIMEOUT = 120_000;

/** Where TEST_RESULTS names a folder, each run leaves its counts there, for the closing line of a CI run. */
const results = process.env.TEST_RESULTS;
const reporters = results
  ? ["default", ["json", { outputFile: join(results, `${process.hrtime.bigint()}.json`) }]]
  : ["default"];

export default defineConfig({
  test: {
    reporters: reporters as never,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    setupFiles: ["property-seed", "leave-as-found"].map((name) =>
      fileURLToPath(new URL(`test/support/${name}.ts`, import.meta.url)),
    ),
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...SUITES, ...SHARED].map((folder) => `test/${folder}/**`),
        },
      },
      {
        extends: true,
        test: { name: "unit-shared", include: SHARED.map((folder) => `test/${folder}/**/*.test.ts`), isolate: false },
      },
      ...SUITES.map((suite) => ({
        extends: true as const,
        test: {
          name: suite,
          include: [`test/${suite}/**/*.test.ts`],
          testTimeout: TIMEOUTS[suite] ?? DEFAULT_TIMEOUT,
          hookTimeout: 180_000,
          // They depend on what machine and network do meanwhile: one that fails is run once more.
          retry: process.env.CI ? 1 : 0,
        },
      })),
    ],
  },
});
