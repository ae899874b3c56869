/** What options and the environment say of the server and of who logs in. */
import { inspect } from "node:util";
import { loginCandidates } from "../../../src/connect/credentials/credentials.js";
import type { Decoder, Seed } from "../decoder.js";

const PASSWORD = "marked-password-71c4";
const SETTINGS = {
  OMERO_HOST: "omero.example.org",
  OMERO_PORT: "4064",
  OMERO_USER: "ana",
  OMERO_PASSWORD: PASSWORD,
  OMERO_GROUP: "lab",
  OMERO_SECURE: "true",
  OMERO_SESSIONDIR: "/nonexistent",
  OMERO_USERDIR: "/nonexistent",
};
type Settings = Partial<Record<keyof typeof SETTINGS, string>>;

export const settings: Decoder = {
  name: "settings",
  share: 1,
  seeds: () => [
    ...Object.keys(SETTINGS).map((name) => seedOf(name as keyof typeof SETTINGS, {})),
    seedOf("OMERO_HOST", { server: "tcp://omero.example.org:4063", plain: true, username: "ben", password: PASSWORD }),
    seedOf("OMERO_PORT", { server: "other.example.org", username: "ben", password: PASSWORD }),
  ],
};

function seedOf(name: keyof typeof SETTINGS, options: Parameters<typeof loginCandidates>[0]): Seed {
  const decode = (bytes: Uint8Array) => readSettings({ ...SETTINGS, [name]: Buffer.from(bytes).toString() }, options);
  return { bytes: Buffer.from(SETTINGS[name]), decode };
}

/** The first way to log in that there is. */
async function readSettings(env: Settings, options: Parameters<typeof loginCandidates>[0]): Promise<void> {
  const surroundings = { env, home: "/nonexistent", platform: "linux", ask: undefined } as const;
  const candidates = loginCandidates({ interactive: false, ...options }, surroundings);
  try {
    const { value } = await candidates.next(undefined);
    const { port } = value.address;
    if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) throw new Error(`port ${port}`);
    // Splicing may put the password where the host should be, which is no secret.
    const { address, username, ...rest } = { username: "", ...value, ...value.method };
    if (inspect(rest, { depth: 9 }).includes(PASSWORD)) throw new Error("the password is printed");
  } finally {
    await candidates.return(undefined as never);
  }
}
