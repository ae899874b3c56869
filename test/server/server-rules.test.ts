/** The embedded server does as a Java OMERO server does. */
import { describe } from "vitest";
import { describeServerRules } from "../support/server-rules/index.js";
import { startEmbedded } from "./ruled-embedded.js";

/** 64 MiB is the default; the other is what newer installations have. */
for (const kibibytes of [65_536, 250_000]) {
  describe(`with messages of ${kibibytes} KiB at most`, () =>
    describeServerRules(() => startEmbedded(kibibytes * 1024)));
}
