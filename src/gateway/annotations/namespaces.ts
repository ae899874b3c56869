/** Namespaces that OMERO's own programs give annotations. */

/** Key-value pairs that users edit in OMERO.web. */
export const KEY_VALUE_NAMESPACE = "openmicroscopy.org/omero/client/mapAnnotation";
/** Tags that are sets of tags. */
export const TAG_SET_NAMESPACE = "openmicroscopy.org/omero/insight/tagset";
/** Ratings from 1 to 5. */
export const RATING_NAMESPACE = "openmicroscopy.org/omero/insight/rating";
