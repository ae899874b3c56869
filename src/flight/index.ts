/** `omero2frame/flight`: tables of an OMERO server by Arrow Flight, with `@grpc/grpc-js` and `protobufjs` installed beside. */
export { type FlightServer, type FlightServerOptions, serveFlight } from "./serve-flight.js";
