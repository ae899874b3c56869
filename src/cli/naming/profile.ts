/** Profiles: servers and users under names, in a file of the user's. It holds no password and no session's key. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { FileError } from "../../errors.js";
import { readSmallFile } from "../../flow/files/small-file.js";
import { nearestName } from "../../flow/nearest-name.js";

interface Profile {
  readonly server?: string;
  readonly port?: number;
  readonly user?: string;
  readonly group?: string;
  readonly verify?: boolean;
}

interface Config {
  /** Name of the profile that counts where none is asked for. */
  readonly default?: string;
  readonly profiles?: Readonly<Record<string, Profile>>;
}

const TYPES: Readonly<Record<keyof Profile, string>> = {
  server: "string",
  port: "number",
  user: "string",
  group: "string",
  verify: "boolean",
};

/** `OMERO2FRAME_CONFIG`, else `omero2frame/config.json` in `XDG_CONFIG_HOME` or `~/.config`. */
export function configPath(env: Readonly<Record<string, string | undefined>>, home = homedir()): string {
  if (env.OMERO2FRAME_CONFIG) return env.OMERO2FRAME_CONFIG;
  return join(env.XDG_CONFIG_HOME || join(home, ".config"), "omero2frame", "config.json");
}

/**
 * Gives a command the options of its profile: that of `--profile` or `OMERO2FRAME_PROFILE`, or, where neither the command line nor the
 * environment names a server, the default one. What the command line says counts.
 * @throws FileError `CANNOT_READ_FILE` for a file that is no such one, or has no such profile
 */
export async function applyProfile(command: Command, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (!command.options.some((option) => option.attributeName() === "profile")) return;
  const asked = command.opts<{ profile?: string }>().profile ?? (env.OMERO2FRAME_PROFILE || undefined);
  const path = configPath(env);
  const config = await readConfig(path, asked !== undefined);
  const hasServer = command.opts<Profile>().server !== undefined || Boolean(env.OMERO_HOST);
  const name = asked ?? (hasServer ? undefined : config.default);
  if (name === undefined) return;
  for (const [option, value] of Object.entries(profileOf(config, name, path))) {
    if (command.getOptionValueSource(option) === undefined) command.setOptionValueWithSource(option, value, "config");
  }
}

async function readConfig(path: string, isNeeded: boolean): Promise<Config> {
  const text = await readSmallFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" && !isNeeded) return "{}";
    throw fault(path, cause.code === "ENOENT" ? "there is none, so there are no profiles" : cause.message, cause);
  });
  try {
    const config = JSON.parse(text ?? "") as Config;
    if (typeof config === "object" && config !== null && !Array.isArray(config)) return config;
  } catch (cause) {
    throw fault(path, "it is no JSON", cause);
  }
  throw fault(path, "it is no JSON object");
}

function profileOf({ profiles = {} }: Config, name: string, path: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (typeof profile !== "object" || profile === null) {
    const near = nearestName(name, Object.keys(profiles));
    throw fault(path, `it has no profile "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`);
  }
  for (const [key, value] of Object.entries(profile)) {
    const type = Object.hasOwn(TYPES, key) ? TYPES[key as keyof Profile] : undefined;
    if (type === undefined)
      throw fault(path, `profile "${name}" has "${key}"; there are ${Object.keys(TYPES).join(", ")}`);
    if (typeof value !== type) throw fault(path, `"${key}" of profile "${name}" is no ${type}`);
  }
  return profile;
}

function fault(path: string, why: string, cause?: unknown): FileError {
  return new FileError("CANNOT_READ_FILE", `Cannot take a profile from ${path}: ${why}`, { path, cause });
}
