/** `omero::api::IConfig`: what the server says about itself. */
import { rtime } from "../../rtypes.js";
import { securityViolation } from "../exceptions.js";
import type { SessionContext } from "./context.js";

/** Version of OMERO whose answers this server gives. */
export const SERVER_VERSION = "5.6.14";

const CLIENT_VALUES: ReadonlyMap<string, string> = new Map([
  ["omero.client.ui.menu.dropdown.everyone.enabled", "true"],
  ["omero.client.web.host", ""],
]);

export class ConfigService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  getVersion(): string {
    return SERVER_VERSION;
  }

  /** Empty for what is not set. */
  getConfigValue(key: string): string {
    if (key === "omero.sessions.timeout") return String(this.#context.session.timeToIdle);
    return CLIENT_VALUES.get(key) ?? "";
  }

  getConfigValues(keyRegex: string): Map<string, string> {
    return new Map([...CLIENT_VALUES].filter(([key]) => key.includes(keyRegex.replace(/[.*^$\\]+$/, ""))));
  }

  getConfigDefaults(): Map<string, string> {
    return new Map(CLIENT_VALUES);
  }

  getClientConfigValues(): Map<string, string> {
    return new Map(CLIENT_VALUES);
  }

  getClientConfigDefaults(): Map<string, string> {
    return new Map(CLIENT_VALUES);
  }

  setConfigValue(): never {
    throw securityViolation("The configuration of this server cannot be changed by clients");
  }

  getDatabaseUuid(): string {
    return this.#context.world.file.databaseUuid;
  }

  getDatabaseTime() {
    return rtime(Date.now());
  }

  getServerTime() {
    return rtime(Date.now());
  }
}
