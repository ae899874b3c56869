/** What can be done besides reading and uploading. */
import { ArgumentError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";
import { openTableSource } from "../../read/index.js";
import { deleteTable, getTableMetadata } from "../../write/index.js";
import { command, ID_KEYS, idGiven } from "../descriptors.js";
import type { Action } from "../protocol/messages.js";
import type { CallContext } from "./call-work.js";

interface KnownAction {
  readonly description: string;
  /** Gives the answer, if there is one. */
  readonly act: (body: Uint8Array, context: CallContext) => Promise<unknown>;
}

const ID_FORM = '{"fileId": 402}';

const ACTIONS: Readonly<Record<string, KnownAction>> = {
  metadata: {
    description: `Metadata of a table as JSON; the body is ${ID_FORM}`,
    act: async (body, { connection, signal }) => getTableMetadata({ connection, signal, fileId: fileIdOf(body) }),
  },
  "delete-table": {
    description: `Removes a table; the body is ${ID_FORM}`,
    act: (body, context) => removeTable(fileIdOf(body), context),
  },
  "log-out": {
    description: "Ends the session of this log-in; its tokens are worth nothing any more",
    act: (_, { state, session }) => state.sessions.logOut(session),
  },
};

export async function* listActions(): AsyncGenerator<object, void, undefined> {
  for (const [type, { description }] of Object.entries(ACTIONS)) yield { type, description };
}

/** @throws ArgumentError `INVALID_ARGUMENT`, and what the action throws */
export async function* doAction({ type, body }: Action, context: CallContext): AsyncGenerator<object, void, undefined> {
  const action = Object.hasOwn(ACTIONS, type) ? ACTIONS[type]! : undefined;
  if (action === undefined) {
    const known = Object.keys(ACTIONS).join(", ");
    throw new ArgumentError("INVALID_ARGUMENT", `There is no action ${JSON.stringify(type)}; there are ${known}`);
  }
  const answer = await action.act(body, context);
  if (answer !== undefined) yield { body: Buffer.from(JSON.stringify(answer)) };
}

/** A table that was split is told of as one, and goes with all its parts. */
async function removeTable(fileId: bigint, { connection, signal }: CallContext): Promise<void> {
  // What cannot be opened can be removed.
  const source = await ifPossible(openTableSource({ connection, fileId, route: "service", signal }));
  await source?.close();
  const files = source?.routes.origin?.fileIds ?? [fileId];
  for (const file of [...files].reverse()) await deleteTable({ connection, signal, fileId: file });
}

function fileIdOf(body: Uint8Array): bigint {
  const id = idGiven(command(body, ID_KEYS, ID_FORM).fileId);
  if (id !== undefined) return id;
  throw new ArgumentError("INVALID_ARGUMENT", `Say which table: ${ID_FORM}`);
}
