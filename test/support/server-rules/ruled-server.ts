/** A server that is to behave as a Java OMERO server, and what its tests need to know of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import type { IObject, OriginalFile, RawFileStore } from "../../../src/connect/ice/schema/omero.js";
import { OmeroError } from "../../../src/errors.js";
import { rlong, rstring } from "../../../src/rtypes.js";
import { type ServerPorts, TestClient } from "../../server/client.js";

export interface Account {
  readonly user: string;
  readonly password: string;
}

export interface RuledServer extends ServerPorts, AsyncDisposable {
  /** No administrator, in the group `lab`, which is the default one. */
  readonly user: Account;
  /** Of the same group, which is one to read only. */
  readonly colleague: Account;
  readonly admin: Account;
  /** A group that the user is not in, and an image in it. */
  readonly foreignGroup: { readonly id: bigint; readonly name: string };
  readonly foreignImage: bigint;
  /** An image that the user can read. */
  readonly image: bigint;
  /** `Ice.MessageSizeMax`, in bytes. */
  readonly messageSizeMax: number;
  /** Milliseconds before a wrong password is refused. */
  readonly failedLoginDelay: number;
  /** The most calls that were ever in work at once on one service with a state, where the server counts them. */
  readonly mostStatefulCalls?: () => Promise<number>;
}

export type ServerUnderTest = () => RuledServer;

/** An id that nothing has. */
export const NOWHERE = 999_999_999n;

export function logIn(server: RuledServer, who: "user" | "colleague" | "admin" = "user"): Promise<TestClient> {
  return TestClient.logIn(server, server[who]);
}

/** How a call fails. @throws Error if it does not. */
export async function failureOf(call: Promise<unknown>): Promise<OmeroError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OmeroError) return error;
    throw error;
  }
  throw new Error("the call was answered");
}

export interface FileOptions {
  readonly hasher?: string;
}

/** A new file of the user's with a store that is open on it. */
export async function newFile(
  client: TestClient,
  { hasher }: FileOptions = {},
): Promise<{ id: bigint; store: RawFileStore }> {
  const file = createInstance("::omero::model::OriginalFile", {
    name: rstring("a file"),
    path: rstring("/"),
    mimetype: rstring("application/octet-stream"),
    hasher: hasher === undefined ? null : checksumAlgorithm(hasher),
    loaded: true,
  });
  const saved = await (await client.update()).saveAndReturnObject(file);
  const store = await client.rawFileStore();
  await store.setFileId(saved!.id!.val);
  return { id: saved!.id!.val, store };
}

export function checksumAlgorithm(name: string) {
  return createInstance("::omero::model::ChecksumAlgorithm", { value: rstring(name), loaded: true });
}

export async function originalFile(client: TestClient, id: bigint): Promise<OriginalFile> {
  return (await (await client.query()).get("OriginalFile", id)) as OriginalFile;
}

/** A session of the user's own that ends when it idles for so long, in milliseconds. */
export async function idlingSession(server: RuledServer, timeToIdle: number): Promise<string> {
  await using admin = await logIn(server, "admin");
  const principal = createInstance("::omero::sys::Principal", {
    name: server.user.user,
    group: "",
    eventType: "User",
    umask: null,
  });
  const session = await (await admin.sessions()).createSessionWithTimeouts(principal, 0n, BigInt(timeToIdle));
  return (session as unknown as { uuid: { val: string } }).uuid.val;
}

export function join(server: RuledServer, sessionUuid: string): Promise<TestClient> {
  return TestClient.logIn(server, { user: sessionUuid, password: sessionUuid });
}

/** Whether a promise is settled within so many milliseconds. */
export async function settles(promise: Promise<unknown>, within: number): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, sleep(within, false)]);
}

export function idOf(object: IObject | null): bigint {
  return object!.id!.val;
}

export const unloadedFile = (id: bigint) =>
  createInstance("::omero::model::OriginalFile", { id: rlong(id), loaded: false });
