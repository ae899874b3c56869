/** Services, queries, and classes of one's own. `tsx services.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero, type omero } from "omero2frame";
import { Image } from "omero2frame/gateway";

const imageId = process.argv[2]!;
await using connection = await connectToOmero();

// Any service of the server, with typed operations.
const containers = connection.service("::omero::api::IContainer");
const projects = await containers.loadContainerHierarchy("Project", [], null);
for (const { name, datasetLinksSeq } of projects as readonly omero.Project[])
  console.log(name?.val, datasetLinksSeq.map((link) => link?.child?.name?.val).join(" "));

// Queries in HQL take and give plain values.
const rows = await connection.query<[number, string]>("select i.id, i.name from Image i where i.id in (:ids)", {
  ids: [Number(imageId)],
});
console.log(rows.join());

// Classes of one's own are what objects are made of.
class CountedImage extends Image {
  async annotationText(): Promise<string> {
    return `${this.name} has ${await this.countAnnotations()} annotations`;
  }
}
const counted = await connection.extendWrappers({ Image: CountedImage });
console.log(await (await counted.getObject("Image", imageId)).annotationText());
