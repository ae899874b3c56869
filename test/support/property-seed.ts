/**
 * Property tests take new values in every run of a developer, and the same in every run of CI, whose outcome is to depend
 * on the change alone. PROPERTY_SEED names a seed.
 */
import fc from "fast-check";

const { PROPERTY_SEED, CI } = process.env;
const seed = PROPERTY_SEED ?? (CI ? "20261121" : undefined);
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
