/** A dataset in a project, and a file attached to it. `tsx write-data.ts PROJECT_ID FILE`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import type { FileAnnotation } from "omero2frame/gateway";

const [projectId, file] = process.argv.slice(2) as [string, string];
const namespace = "imperial.training.demo";
await using connection = await connectToOmero();

const project = await connection.getObject("Project", projectId);
const dataset = await connection.createObject("Dataset", { name: "New Dataset", parent: project });
console.log("dataset:", dataset.id, dataset.name, "in", (await dataset.parents()).map(({ id }) => id).join());

const attached = (await dataset.annotate({ file, namespace })) as FileAnnotation;
console.log("attached:", attached.id, attached.file.name, attached.file.size);

// What is attached is read in chunks, however large it is.
for await (const { id, file } of dataset.listAnnotations({ type: "FileAnnotation" })) {
  let bytes = 0;
  for await (const chunk of file.chunks()) bytes += chunk.length;
  console.log("read:", id, file.name, file.size, bytes);
}
// Annotations are found by their namespace, whatever they are on.
for await (const { id } of connection.getObjects("FileAnnotation", { attributes: { ns: namespace } }))
  console.log("found:", id);
console.log("of the namespace:", (await dataset.getAnnotation(namespace))?.namespace);
