/** `omero2frame serve-flight`: tables of a server for all that speak Arrow Flight. */
import { type Command, InvalidArgumentError } from "commander";
import { invalidArgument } from "../../errors.js";
import { beginCleaning } from "../../flow/process/cleaning.js";
import { certificateOf, connectionOf, type ServerFlags, withServer } from "../options/connection.js";
import { type JsonFlag, jsonOption } from "../options/tables.js";
import { portNumber } from "../options/values.js";
import { print, printJson } from "../output.js";
import { sharedSession } from "../shared-session.js";
import { untilStopped } from "../until-stopped.js";

interface ServeFlightFlags extends ServerFlags, JsonFlag {
  listen: Listening;
  cert?: string;
  key?: string;
  allowPlaintext: boolean;
  tokenFile?: string;
}

interface Listening {
  host: string;
  listen: number;
}

const DEFAULT: Listening = { host: "127.0.0.1", listen: 8815 };

export function addServeFlight(root: Command, signal: AbortSignal): void {
  jsonOption(withServer(root.command("serve-flight")))
    .description(
      "offer tables by Arrow Flight until interrupted; users log in with name and password of OMERO, or a session's key",
    )
    .option("--listen <host:port>", "where (127.0.0.1:8815); port 0 is any that is free", listening, DEFAULT)
    .option("--cert <file>", "certificate (PEM), for TLS")
    .option("--key <file>", "its private key (PEM)")
    .option("--allow-plaintext", "listen for others than this machine without TLS", false)
    .option("--token-file <file>", "log in now; whoever has the token in this file works in that session, nobody else")
    .action(async (options: ServeFlightFlags) => {
      const { serveFlight } = await import("../../flight/index.js");
      const { tokenFile, allowPlaintext, listen: where } = options;
      const certificate = certificateOf({ "--cert": options.cert, "--key": options.key });
      const endCleaning = beginCleaning();
      const login = connectionOf(options);
      const shared = tokenFile === undefined ? undefined : await tokenAccess(tokenFile, login, signal);
      try {
        const { server = process.env.OMERO_HOST, port, tls } = login;
        const access = shared ?? { server: server ?? missingServer(), port, tls };
        await using running = await serveFlight({ ...access, ...where, certificate, allowPlaintext });
        if (options.json) printJson({ url: running.url });
        else print(running.url);
        await untilStopped(signal);
      } finally {
        await shared?.connection.close();
        endCleaning();
      }
    });
}

async function tokenAccess(path: string, login: object, signal: AbortSignal) {
  const { connectToOmero } = await import("../../connect/index.js");
  const { sessionKey: token = "" } = await sharedSession(path);
  return { token, connection: await connectToOmero({ ...login, signal }) };
}

function missingServer(): never {
  throw invalidArgument("Say in front of which server: --server, or OMERO_HOST");
}

/** `host:port`, `[IPv6]:port`, or a port of this machine alone. */
function listening(text: string): Listening {
  const [, ipv6, host, port] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d+)$/.exec(text) ?? [];
  if (port === undefined) throw new InvalidArgumentError("write host:port");
  return { host: ipv6 ?? host ?? DEFAULT.host, listen: portNumber(port) };
}
