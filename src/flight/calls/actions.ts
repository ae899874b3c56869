/** What can be done besides reading and uploading. */
import { ArgumentError } from "../../errors.js";
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
    act: (body, { connection, signal }) => deleteTable({ connection, signal, fileId: fileIdOf(body) }),
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

function fileIdOf(body: Uint8Array): bigint {
  const id = idGiven(command(body, ID_KEYS, ID_FORM).fileId);
  if (id !== undefined) return id;
  throw new ArgumentError("INVALID_ARGUMENT", `Say which table: ${ID_FORM}`);
}
