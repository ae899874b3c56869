/** `omero::cmd::Handle`: a submitted request. It has run by the time the client gets the handle. */

import type { Request } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import type { SessionContext } from "../services/context.js";
import { isFailure, type Response } from "./answers.js";

export class CommandHandle {
  readonly #context: SessionContext;
  readonly #request: Request | null;
  readonly #response: Response;
  readonly #started: number;
  readonly #stopped = Date.now();

  constructor(context: SessionContext, request: Request | null, response: Response, started: number) {
    this.#context = context;
    this.#request = request;
    this.#response = response;
    this.#started = started;
  }

  /** Clients ask for the response once they have added a callback; there is nothing more to tell them. */
  addCallback(): void {}

  removeCallback(): void {}

  getRequest(): Request | null {
    return this.#request;
  }

  getResponse(): Response {
    return this.#response;
  }

  getStatus(): Record<string, unknown> {
    const failed = isFailure(this.#response);
    return {
      iceId: "::omero::cmd::Status",
      source: null,
      category: failed ? (this.#request?.iceId ?? "") : "",
      name: failed ? String(this.#response.name) : "",
      flags: failed ? ["FAILURE", "CANCELLED"] : [],
      parameters: new Map(),
      currentStep: 0,
      steps: 1,
      startTime: BigInt(this.#started),
      stepStartTimes: BigInt64Array.of(BigInt(this.#started)),
      stepStopTimes: BigInt64Array.of(BigInt(this.#stopped)),
      stopTime: BigInt(this.#stopped),
    };
  }

  /** Nothing is left to cancel. */
  cancel(): boolean {
    return false;
  }

  close(current: Current): void {
    this.#context.withdraw(current);
  }
}
