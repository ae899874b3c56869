import { loadSchema } from "../../connect/ice/schema/schema.js";
import { invalidArgument } from "../../errors.js";

/** Types of which all kinds are linked by one class of links. */
const GENERAL = ["Annotation", "Shape"] as const;

/**
 * The class of links from objects of a type to annotations: `ImageAnnotationLink`.
 * @throws ArgumentError `INVALID_ARGUMENT` for a type that nothing is linked to
 */
export function linkType(type: string): string {
  const general = GENERAL.find((base) => isKindOf(type, base)) ?? type;
  const link = `${general}AnnotationLink`;
  if (loadSchema().findClass(`::omero::model::${link}`)) return link;
  throw invalidArgument(`No annotation can be linked to ${JSON.stringify(type)}`);
}

/** Whether a type is one of another's kinds, or itself. */
export function isKindOf(type: string, base: string): boolean {
  let found = loadSchema().findClass(`::omero::model::${type}`);
  while (found) {
    if (found.id === `::omero::model::${base}`) return true;
    found = found.base ?? undefined;
  }
  return false;
}
