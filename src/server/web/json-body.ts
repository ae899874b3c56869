/** The JSON object in the body of a request. */
import type { IncomingMessage } from "node:http";
import { HttpRefusal } from "./http-refusal.js";

/** Longest body, in bytes. */
const BODY_LIMIT = 64 * 1024;

/** @throws HttpRefusal 400, 413, 415 */
export async function readJsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/json")
    throw new HttpRefusal(415, "Content-Type must be application/json");
  const text = await readText(request);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new HttpRefusal(400, "the body is not JSON in UTF-8");
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new HttpRefusal(400, "the body must be a JSON object");
}

async function readText(request: IncomingMessage): Promise<string> {
  const tooLarge = () => new HttpRefusal(413, `the body is longer than ${BODY_LIMIT} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > BODY_LIMIT) throw tooLarge();
  const pieces: Buffer[] = [];
  let length = 0;
  // Not by iteration, which would end the connection before the refusal is sent.
  await new Promise<void>((resolve, reject) => {
    request.on("data", (piece: Buffer) => {
      length += piece.length;
      if (length <= BODY_LIMIT) pieces.push(piece);
      else reject(tooLarge());
    });
    request.on("end", resolve);
    for (const end of ["error", "close"]) request.on(end, () => reject(new HttpRefusal(400, "the body is not whole")));
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
  } catch {
    throw new HttpRefusal(400, "the body is not JSON in UTF-8");
  }
}
