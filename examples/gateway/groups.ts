/** Groups and permissions. `tsx groups.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import { tell } from "./tell.js";

const imageId = process.argv[2]!;
await using connection = await connectToOmero();
const { permissionName, permissions } = await connection.getCurrentGroup();
tell("000.03a group permissions", [permissionName, permissions]);
// A query looks in the current group, at all that may be seen there.
const projects: unknown[] = [];
for await (const { name, details } of connection.listProjects()) projects.push([name, details.owner?.fullName]);
tell("000.03b listProjects owner fullname", projects);
// Or in all groups, call by call.
const { group } = (await connection.getObject("Image", imageId, { group: -1 })).details;
tell("000.03c cross group -1", [group?.name, group?.id]);
// Or in one group, for as long as this view of the connection is used.
const there = await connection.inGroup(group!.id);
tell("000.03d single group", [await there.countObjects("Project"), (await there.getObject("Image", imageId)).name]);
