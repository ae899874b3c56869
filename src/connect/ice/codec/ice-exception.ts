import { visibleText } from "../../../errors.js";

/**
 * A user exception of a Slice interface, thrown by the peer or to be sent to it.
 * It stays inside the wire's own room: what users of the package see is an {@link OmeroError}.
 */
export class IceUserException extends Error {
  /** Slice id of the exception's class, for example `::omero::ApiUsageException`. */
  readonly iceId: string;
  /** Members by their Slice names; those of `::omero::ServerError` are `serverStackTrace`, `serverExceptionClass`, `message`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** The id that was received, where the schema knows only the base `iceId` of it, or nothing of it at all. */
  readonly receivedId: string;

  constructor(iceId: string, members: Readonly<Record<string, unknown>> = {}, receivedId: string = iceId) {
    const { message, reason } = members;
    const text = typeof message === "string" && message !== "" ? message : typeof reason === "string" ? reason : "";
    super(visibleText(text === "" ? receivedId : `${receivedId}: ${text}`));
    this.name = "IceUserException";
    this.iceId = iceId;
    this.members = members;
    this.receivedId = receivedId;
  }
}
