/** `omero::api::IConfig`: what the server says about itself. */
import { rtime } from "../../rtypes.js";
import { securityViolation } from "../exceptions.js";
import type { SessionContext } from "./context.js";

/** Version of OMERO whose answers this server gives. */
const SERVER_VERSION = "5.6.14";

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
    return this.#context.configuration.get(key) ?? "";
  }

  /** Values whose keys begin like the expression up to its first special character. */
  getConfigValues(keyRegex: string): Map<string, string> {
    const prefix = /^\^?((?:[\w.-]|\\.)*)/.exec(keyRegex)![1]!.replaceAll("\\", "").replace(/\.$/, "");
    return new Map([...this.#context.configuration].filter(([key]) => key.startsWith(prefix)));
  }

  getConfigDefaults(): Map<string, string> {
    return new Map(this.#context.configuration);
  }

  getClientConfigValues(): Map<string, string> {
    return this.getConfigValues("omero.client.");
  }

  getClientConfigDefaults(): Map<string, string> {
    return this.getClientConfigValues();
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
