import type { Current } from "../../connect/ice/serve/served-object.js";
import type { SessionContext } from "./context.js";

/** What all services with a state have in common (`omero::api::StatefulServiceInterface`). */
export abstract class StatefulServant {
  protected readonly context: SessionContext;

  constructor(context: SessionContext) {
    this.context = context;
  }

  /** What is to be done when the service is not used any more. */
  async release(): Promise<void> {}

  async close(current: Current): Promise<void> {
    this.context.withdraw(current);
    await this.release();
  }

  passivate(): void {}

  activate(): void {}

  getCurrentEventContext(): null {
    return null;
  }
}
