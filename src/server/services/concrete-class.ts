/** Names of classes in calls. */
import { apiUsage } from "../exceptions.js";
import type { Model } from "../model/model.js";

/** Classes of which there are only subclasses' objects. */
const ABSTRACT = [
  "Annotation",
  "BasicAnnotation",
  "CodomainMapContext",
  "IObject",
  "Job",
  "LightSource",
  "NumericAnnotation",
  "Shape",
  "TextAnnotation",
  "TypeAnnotation",
];

/**
 * A class of which there are objects, by one of the names that an OMERO server takes for it.
 * @throws IceUserException ApiUsageException for others.
 */
export function concreteClass(model: Model, written: string | null): string {
  const name = model.resolve(written ?? "");
  if (!name || ABSTRACT.includes(name) || written!.includes("::"))
    throw apiUsage(`${written} does not specify a valid class.`);
  return name;
}
