/** `omero::api::ILdap`: users of a directory service, which this server does not ask. */
import { apiUsage } from "../../exceptions.js";
import { needsAdministrator, type SessionContext } from "../context.js";

export class LdapService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  getSetting(): boolean {
    needsAdministrator(this.#context);
    return false;
  }

  discover(): never[] {
    return [];
  }

  discoverGroups(): never[] {
    return [];
  }

  searchAll(): never {
    throw apiUsage("This server asks no directory service");
  }

  findDN(): never {
    throw apiUsage("This server asks no directory service");
  }

  findExperimenter(): never {
    throw apiUsage("This server asks no directory service");
  }

  createUser(): never {
    throw apiUsage("This server asks no directory service");
  }
}
