/** Deleting a project, and not what is in it. `tsx delete.ts PROJECT_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import { tell } from "./tell.js";

const projectId = process.argv[2]!;
await using connection = await connectToOmero();
const project = await connection.getObject("Project", projectId);
// How far the server has come is told; a failure would be an error that says why.
const onProgress = ({ done, total }: { done: number; total: number }) => console.error(`${done} of ${total} steps`);
const { deleted } = await connection.deleteObjects("Project", [projectId], { children: false, onProgress });
const gone = (await project.reload()) === undefined;
tell("000.08a delete with callback", [false, Object.keys(deleted).sort(), gone]);
