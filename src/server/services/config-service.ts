/** `omero::api::IConfig`: what the server says about itself. */
import { rtime } from "../../rtypes.js";
import { securityViolation } from "../exceptions.js";
import { publicConfiguration } from "./admin/configuration.js";
import { needsAdministrator, type SessionContext } from "./context.js";

/** Version of OMERO whose answers this server gives. */
const SERVER_VERSION = "5.6.14";

export class ConfigService {
  readonly #context: SessionContext;
  readonly #values: ReadonlyMap<string, string>;

  constructor(context: SessionContext) {
    this.#context = context;
    this.#values = publicConfiguration([["omero.version", SERVER_VERSION], ...context.configuration]);
  }

  getVersion(): string {
    return SERVER_VERSION;
  }

  /** @throws IceUserException SecurityViolation for what is not set, or is not for clients. */
  getConfigValue(key: string): string {
    const value = this.#values.get(key);
    if (value === undefined) throw securityViolation(`Cannot read configuration: ${key}`);
    return value;
  }

  /** Values whose keys begin like the expression up to its first special character. */
  getConfigValues(keyRegex: string): Map<string, string> {
    const prefix = /^\^?((?:[\w.-]|\\.)*)/.exec(keyRegex)![1]!.replaceAll("\\", "").replace(/\.$/, "");
    return new Map([...this.#values].filter(([key]) => key.startsWith(prefix)));
  }

  getConfigDefaults(): Map<string, string> {
    needsAdministrator(this.#context);
    return new Map(this.#values);
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
