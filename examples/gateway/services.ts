/** Services, classes of one's own, objects made of what services gave. `tsx services.ts IMAGE_ID`, where OMERO_HOST, OMERO_USER and OMERO_PASSWORD say of which server. */
import { connectToOmero, type omero, rstring } from "omero2frame";
import { Image } from "omero2frame/gateway";
import { tell } from "./tell.js";

const imageId = process.argv[2]!;
await using connection = await connectToOmero();
// Any service of the server, with typed operations.
const containers = connection.service("::omero::api::IContainer");
const projects = (await containers.loadContainerHierarchy("Project", [], null)) as omero.Project[];
const hierarchy = projects.map(({ name, datasetLinksSeq }) => [
  name?.val,
  datasetLinksSeq.map((link) => link?.child?.name?.val),
]);
tell("001.01 loadContainerHierarchy", hierarchy.sort());

// Classes of one's own are what objects are made of.
class CountedImage extends Image {
  async countedName(): Promise<[string, number]> {
    return [this.name, await this.countAnnotations()];
  }
}
const counted = await connection.extendWrappers({ Image: CountedImage });
const image = await counted.getObject("Image", imageId);
tell("001.02 getCollectionCount ANNOTATIONLINKS", await image.countedName());
// What a service gave, or a program made, becomes an object without a call.
const before = await connection.wrap({ ...projects[0]!, name: rstring("Omero Model Project") });
const after = await connection.wrap({ ...before.model, name: rstring("Project Wrapper") });
tell("001.03 wrapper without server", [before.name, after.name]);
