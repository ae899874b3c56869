/** A dataset in a project, and a file attached to it. `tsx write-data.ts PROJECT_ID FILE`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero } from "omero2frame";
import type { FileAnnotation } from "omero2frame/gateway";
import { tell } from "./tell.js";

const [projectId, file] = process.argv.slice(2) as [string, string];
const namespace = "imperial.training.demo";
await using connection = await connectToOmero();
const dataset = await connection.createObject("Dataset", { name: "New Dataset" });
tell("000.05a new Dataset", dataset.name);
await connection.linkObjects(["Project", projectId], [dataset]);
tell("000.05b link to Project", await dataset.parents().then((parents) => parents.map((parent) => parent.name)));
const attached = (await dataset.annotate({ file, namespace })) as FileAnnotation;
tell("000.05c createFileAnnfromLocalFile + link", [attached.file.name, attached.file.size]);
// What is attached is read in chunks, however large it is.
const files: unknown[] = [];
for await (const { file } of dataset.listAnnotations({ type: "FileAnnotation" })) {
  let bytes = 0;
  for await (const chunk of file.chunks()) bytes += chunk.length;
  files.push([file.name, file.size, bytes]);
}
tell("000.05d listAnnotations + getFileInChunks", files);
// Annotations are found by their namespace, whatever they are on.
const found: string[] = [];
for await (const { file } of connection.getObjects("FileAnnotation", { attributes: { ns: namespace } }))
  found.push(file.name);
tell("000.05e loadSpecifiedAnnotations", found);
tell("000.05f getAnnotation(ns)", (await dataset.getAnnotation(namespace))?.namespace);
await connection.deleteObjects("Dataset", [dataset.id]);
