/** What a connection can do with objects, as methods of it. */
import { OmeroConnection } from "../connect/connection.js";
import { CHANGING_METHODS, type ChangingMethods } from "./methods/changing-methods.js";
import { FINDING_METHODS, type FindingMethods } from "./methods/finding-methods.js";
import { IMAGE_METHODS, type ImageMethods } from "./methods/image-methods.js";
import { PEOPLE_METHODS, type PeopleMethods } from "./methods/people-methods.js";

/** What a connection can do with objects besides calls to services. */
export interface ObjectMethods extends FindingMethods, ChangingMethods, PeopleMethods, ImageMethods {}

declare module "../connect/connection.js" {
  interface OmeroConnection extends ObjectMethods {}
}

/** Gives connections these methods; what they need is loaded when they are first called. */
export function addObjectMethods(): void {
  const methods = { ...FINDING_METHODS, ...CHANGING_METHODS, ...PEOPLE_METHODS, ...IMAGE_METHODS };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(OmeroConnection.prototype, name, { value, configurable: true, writable: true });
  }
}
