import type { IceClient } from "./ice-client.js";
import type { ProxyRef } from "./proxy-ref.js";

export function serviceProxy<T>(_client: IceClient, _proxy: ProxyRef, _sliceId: string): T {
  throw new Error("services need the codec");
}
