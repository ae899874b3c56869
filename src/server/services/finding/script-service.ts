/** `omero::api::IScript`: scripts, of which this server runs none. */
import type { Current } from "../../../connect/ice/serve/served-object.js";
import { apiUsage, validation } from "../../exceptions.js";
import type { Instance } from "../../model/materialize.js";
import type { SessionContext } from "../context.js";

const PYTHON = "text/x-python";

export class ScriptService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  getScripts(current: Current): Instance[] {
    return this.getScriptsByMimetype(PYTHON, current);
  }

  /** Files in the script repository: those of the server's own. */
  getScriptsByMimetype(mimetype: string, current: Current): Instance[] {
    const { world } = this.#context;
    const access = this.#context.access(current);
    const found = [...world.store.all("OriginalFile")].filter(
      ({ values, owner }) =>
        owner === 0n &&
        textOf(values.mimetype) === mimetype &&
        textOf(values.repo) !== "" &&
        textOf(values.path).startsWith("/"),
    );
    return this.#context.loadAll(access, found);
  }

  getUserScripts(): Instance[] {
    return [];
  }

  getScriptID(): bigint {
    return -1n;
  }

  getScriptText(): string {
    return "";
  }

  getScriptWithDetails(id: bigint): never {
    throw noScript(id);
  }

  getParams(): null {
    return null;
  }

  validateScript(): null {
    return null;
  }

  canRunScript(): boolean {
    return false;
  }

  runScript(): never {
    throw apiUsage("This server runs no scripts");
  }

  uploadScript(): never {
    throw apiUsage("This server runs no scripts, and keeps none");
  }

  uploadOfficialScript(): never {
    throw apiUsage("This server runs no scripts, and keeps none");
  }

  editScript(): never {
    throw apiUsage("This server runs no scripts, and keeps none");
  }

  deleteScript(id: bigint): never {
    throw noScript(id);
  }
}

function noScript(id: bigint) {
  return validation(`No script with id ${id}`);
}

function textOf(value: unknown): string {
  return (value as { val: string } | null | undefined)?.val ?? "";
}
