/** Connecting, and who is who. `tsx connect.ts`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import { tell } from "./tell.js";

const connection = await connectToOmero();
tell("000.01a connect", connection.state === "connected");
// All data are encrypted unless the address begins with tcp:// or ws://.
tell("000.01b setSecure", connection.server.protocol === "ssl");
const { userId, userName, groupId, groupName, isAdmin, leaderOfGroups } = connection.session;
const { fullName } = await connection.getObject("Experimenter", userId);
tell("000.01c getUser", [userId, userName, fullName]);
const groups = await connection.getGroups();
const named = groups.map(({ id, name }) => [id, name]);
tell("000.01d getGroupsMemberOf", named.sort());
tell("000.01e getGroupFromContext", (await connection.getCurrentGroup()).name);
const colleagues = await connection.listColleagues();
const others = colleagues.map(({ id, userName, fullName }) => [id, userName, fullName]);
tell("000.01f listColleagues", others);
const owned = await connection.listOwnedGroups();
const led = owned.map(({ id, name }) => [id, name]);
tell("000.01g listOwnedGroups", led);
tell("000.01h getEventContext", [userId, userName, groupId, groupName, isAdmin, leaderOfGroups]);
await connection.close();
tell("000.99 close", connection.state === "connected");
