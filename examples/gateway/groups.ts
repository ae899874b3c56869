/** Groups and permissions. `tsx groups.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";

const imageId = process.argv[2]!;
await using connection = await connectToOmero();
const group = await connection.getCurrentGroup();
console.log("permissions:", group.permissionName, group.permissions);

// A query looks in the current group, at all that may be seen there.
for await (const project of connection.listProjects())
  console.log(project.name, "owner:", project.details.owner?.fullName);

// Or in all groups, call by call.
const image = await connection.getObject("Image", imageId, { group: -1 });
console.log("found in", image.details.group?.id, image.details.group?.name);

// Or in one group, from now on, or for some work.
const there = await connection.inGroup(image.details.group!.id);
console.log(await there.countObjects("Project"), (await there.getObject("Image", imageId)).name);
