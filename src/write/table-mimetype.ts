/** Media type by which OMERO knows that a file is a table. */
export const TABLE_MIMETYPE = "OMERO.tables";
