/** What `a.class` is in a projection: the mark by which an OMERO server's database tells subclasses apart. */
import type { Model } from "./model.js";

const DISCRIMINATORS: Record<string, string> = {
  BooleanAnnotation: "/basic/bool/",
  CommentAnnotation: "/basic/text/comment/",
  DoubleAnnotation: "/basic/num/double/",
  FileAnnotation: "/type/OriginalFile/",
  Label: "text",
  ListAnnotation: "/list/",
  LongAnnotation: "/basic/num/long/",
  MapAnnotation: "/map/",
  Rectangle: "rect",
  TagAnnotation: "/basic/text/tag/",
  TermAnnotation: "/basic/term/",
  TimestampAnnotation: "/basic/time/",
  XmlAnnotation: "/basic/text/xml/",
};

/** Where there is no such mark, the name of the class in small letters, as of shapes and light sources. */
export function discriminator(model: Model, className: string): string {
  return DISCRIMINATORS[className] ?? (model.rootOf(className) === className ? className : className.toLowerCase());
}
