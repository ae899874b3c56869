import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { pool: "forks", maxWorkers: 1, fileParallelism: false, benchmark: { include: ["bench/micro/*.bench.ts"] } },
});
