/** Deleting a project, and not what is in it. `tsx delete.ts PROJECT_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";

const projectId = process.argv[2]!;
await using connection = await connectToOmero();

// First what would go; then with how far the server has come.
const dry = await connection.deleteObjects("Project", [projectId], { children: false, dryRun: true });
console.log("would delete:", Object.keys(dry.deleted).sort().join(" "));

const onProgress = ({ done, total }: { done: number; total: number }) => console.error(`${done} of ${total} steps`);
const { deleted } = await connection.deleteObjects("Project", [projectId], { children: false, onProgress });
console.log("deleted:", JSON.stringify(deleted.Project));
console.log("left:", await connection.findObject("Project", projectId));
