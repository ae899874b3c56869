/**
 * Joining sessions, acting as another user, and what goes wrong. `tsx sessions.ts IMAGE_ID USER_ID ROOT_PASSWORD`, where OMERO_HOST, OMERO_USER
 * and OMERO_PASSWORD say of which server.
 */
import { connectToOmero, LoginError } from "omero2frame";
import { tell } from "./tell.js";

const [imageId, userId, rootPassword] = process.argv.slice(2) as [string, string, string];
const first = await connectToOmero();
const connected = first.state === "connected";
await first.close();
tell("003.01 connect", connected);
// Without tcp:// in the address all is encrypted, the data too.
await using connection = await connectToOmero();
tell("003.02 secure", connection.server.protocol === "ssl");
const names: string[] = [];
for await (const { name } of connection.getObjects("Project")) names.push(name);
tell("003.03 context manager", names.sort());
// A session that another program made is joined by its key, and lives on when this connection is closed.
const { host, port } = connection.server;
const place = { server: host, port, interactive: false };
const joined = await connectToOmero({ ...place, sessionKey: connection.session.uuid });
tell("003.04 from client", joined.session.userName);
await joined.close();
const { isAdmin, adminPrivileges } = connection.session;
tell("003.05 isAdmin", isAdmin);
tell("003.06 isFullAdmin/privileges", [await connection.isFullAdmin(), adminPrivileges]);
const groupId = (await connection.getObject("Image", imageId)).details.group!.id;
const there = await connection.inGroup(groupId);
tell("003.07 switch group", [groupId, await there.countObjects("Project")]);
// Acting as another user.
await using admin = await connectToOmero({ ...place, username: "root", password: rootPassword });
const { userName } = await admin.getObject("Experimenter", userId);
const acting = await admin.withUser(userName, async (user) => [
  user.session.userName,
  await user.countObjects("Project"),
]);
tell("003.08 suConn", acting);
const admins = await connection.getAdministrators();
const listed = admins.map(({ id, fullName, userName }) => [id, fullName, userName]);
tell("003.09 getAdministrators", listed);
tell("003.10 isConnected", [connection.state === "connected", joined.state === "connected"]);
try {
  await connectToOmero({ ...place, username: userName, password: "wrong" });
} catch (error) {
  tell("003.11 wrong password", !(error instanceof LoginError));
}
