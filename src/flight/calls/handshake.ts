/** Logging in: by the headers of the call, or by its first message. The answer is a token for the calls that follow. */
import type { handleBidiStreamingCall } from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";
import { headerCredentials, payloadCredentials } from "../access/credentials.js";
import { statusOf } from "../status.js";
import type { FlightServerState } from "./call-work.js";

export function handshake({ sessions }: FlightServerState): handleBidiStreamingCall<object, object> {
  return async (call) => {
    try {
      const credentials = headerCredentials(call.metadata) ?? payloadCredentials(await firstPayload(call));
      const token = await sessions.logIn(credentials);
      const headers = new Metadata();
      headers.set("authorization", `Bearer ${token}`);
      call.sendMetadata(headers);
      call.write({ payload: Buffer.from(token) });
    } catch (error) {
      call.emit("error", statusOf(error));
    }
    call.end();
  };
}

async function firstPayload(call: AsyncIterable<object>): Promise<Uint8Array> {
  const { value } = await call[Symbol.asyncIterator]().next();
  return (value as { payload?: Uint8Array } | undefined)?.payload ?? new Uint8Array(0);
}
