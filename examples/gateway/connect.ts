/** Connecting, and who is who. `tsx connect.ts`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";

// All data are encrypted unless the address begins with tcp:// or ws://.
await using connection = await connectToOmero();
const { userId, userName, isAdmin, adminPrivileges } = connection.session;
const user = await connection.getObject("Experimenter", userId);
console.log("user:", user.id, userName, user.fullName);

for (const group of await connection.getGroups()) console.log("member of:", group.id, group.name);
console.log("current group:", (await connection.getCurrentGroup()).name);
for (const { id, userName, fullName } of await connection.listColleagues())
  console.log("colleague:", id, userName, fullName);
for (const group of await connection.listOwnedGroups()) console.log("leads:", group.id, group.name);

console.log("administrator:", isAdmin, "privileges:", adminPrivileges.length);
for (const { id, userName } of await connection.getAdministrators()) console.log("administrator:", id, userName);
