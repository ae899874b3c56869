/** The methods of `FlightService`, as gRPC takes them. */
import type { MethodDefinition } from "@grpc/grpc-js";
import { decodeMessage, encodeMessage, type MessageName } from "./messages.js";

type Definition = MethodDefinition<object, object>;

const SERVICE = "/arrow.flight.protocol.FlightService/";

/** Name of a message, or `stream` before it. */
function method(name: string, request: string, response: string): Definition {
  const [asked, answered] = [request, response].map((text) => text.replace("stream ", "") as MessageName);
  return {
    path: SERVICE + name,
    requestStream: request.startsWith("stream "),
    responseStream: response.startsWith("stream "),
    requestSerialize: (value) => encodeMessage(asked!, value),
    requestDeserialize: (bytes) => decodeMessage(asked!, bytes),
    responseSerialize: (value) => (Buffer.isBuffer(value) ? value : encodeMessage(answered!, value)),
    responseDeserialize: (bytes) => decodeMessage(answered!, bytes),
  };
}

/** DoExchange is left out: gRPC answers that it is not implemented. What is encoded already is sent as it is. */
export const FLIGHT_SERVICE = {
  Handshake: method("Handshake", "stream HandshakeRequest", "stream HandshakeResponse"),
  ListFlights: method("ListFlights", "Criteria", "stream FlightInfo"),
  GetFlightInfo: method("GetFlightInfo", "FlightDescriptor", "FlightInfo"),
  PollFlightInfo: method("PollFlightInfo", "FlightDescriptor", "PollInfo"),
  GetSchema: method("GetSchema", "FlightDescriptor", "SchemaResult"),
  DoGet: method("DoGet", "Ticket", "stream FlightData"),
  DoPut: method("DoPut", "stream FlightData", "stream PutResult"),
  DoAction: method("DoAction", "Action", "stream Result"),
  ListActions: method("ListActions", "Empty", "stream ActionType"),
};
