import type { Folder as FolderModel } from "../../connect/ice/schema/omero.js";
import { IMAGES_OF_FOLDER, ROIS_OF_FOLDER, relationBelow } from "../loading/relations.js";
import { DescribedObject } from "./described-object.js";
import type { Image } from "./image.js";
import type { LoadOptions } from "./omero-object.js";
import { idWithin } from "./plain-members.js";
import type { Roi } from "./region.js";

/** A folder: what regions, images and other folders are put in. `linkObjects` puts them in, `unlinkObjects` takes them out. */
export class Folder extends DescribedObject<FolderModel> {
  /** Id of the folder that it is in. */
  get parentFolderId(): number | undefined {
    return idWithin(this.model.parentFolder);
  }
  /** The folders in it, by name. */
  listChildren(options: LoadOptions = {}): AsyncGenerator<Folder, void, undefined> {
    return this.relatedBy(relationBelow("Folder")!, options, "listChildren");
  }
  /** How many folders are in it. */
  countChildren(options: LoadOptions = {}): Promise<number> {
    return this.countBy(relationBelow("Folder")!, options, "countChildren");
  }
  /** The images in it, by name. */
  listImages(options: LoadOptions = {}): AsyncGenerator<Image, void, undefined> {
    return this.relatedBy(IMAGES_OF_FOLDER, options, "listImages");
  }
  /** The regions in it. */
  listRois(options: LoadOptions = {}): AsyncGenerator<Roi, void, undefined> {
    return this.relatedBy(ROIS_OF_FOLDER, options, "listRois");
  }
}
