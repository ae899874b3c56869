import type { Fileset as FilesetModel, IObject } from "../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { Family, wrapIn } from "../loading/family.js";
import { optionalText } from "../plain-values.js";
import type { OriginalFile } from "./original-file.js";

/** The files that images were imported from together: those of `getObjects("Image", { fileset })`. */
export class Fileset extends AnnotatedObject<FilesetModel> {
  /** The folder of the server that its files are in. */
  get templatePrefix(): string | undefined {
    return optionalText(this.model.templatePrefix);
  }
  /** Its files, in their order. */
  get files(): OriginalFile[] {
    const family = this.family.shared("files", (filesets) => new Family(this.context, filesets.flatMap(filesOf)));
    return filesOf(this.model).map((file) => wrapIn<OriginalFile>(family, file));
  }
  /** Where its files were, on the machine they came from. */
  get clientPaths(): string[] {
    return this.model.usedFilesSeq.flatMap((entry) => optionalText(entry?.clientPath) ?? []);
  }

  override toJSON(): object {
    return {
      ...super.toJSON(),
      files: this.files.map(({ id, name }) => ({ id, name })),
      clientPaths: this.clientPaths,
    };
  }
}

function filesOf(fileset: IObject): IObject[] {
  return (fileset as FilesetModel).usedFilesSeq.flatMap((entry) => entry?.originalFile ?? []);
}
