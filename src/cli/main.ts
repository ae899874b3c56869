#!/usr/bin/env node
/** The command line: `omero2frame --help`. */
import { hideSessionKey } from "./session-key.js";

// Before the rest is loaded, which takes a while.
hideSessionKey();
const { run } = await import("./run.js");
await run();
