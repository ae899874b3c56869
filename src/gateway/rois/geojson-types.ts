/** GeoJSON (RFC 7946), as far as shapes need it. */

/** A geometry of GeoJSON, in pixels. */
export type GeoJsonGeometry =
  | GeoJsonOf<"Point", GeoJsonPosition>
  | GeoJsonOf<"MultiPoint" | "LineString", readonly GeoJsonPosition[]>
  | GeoJsonOf<"MultiLineString" | "Polygon", readonly (readonly GeoJsonPosition[])[]>
  | GeoJsonOf<"MultiPolygon", readonly (readonly (readonly GeoJsonPosition[])[])[]>
  | GeoJsonGeometries;

/** A geometry of one type. */
export interface GeoJsonOf<Type, Coordinates> {
  /** Which type. */
  readonly type: Type;
  /** A place, or lists of places. */
  readonly coordinates: Coordinates;
  /** The plane it is in, as QuPath writes it. */
  readonly plane?: GeoJsonPlane;
}

/** Several geometries. */
export interface GeoJsonGeometries {
  /** Tells them from others. */
  readonly type: "GeometryCollection";
  /** Of any type. */
  readonly geometries: readonly GeoJsonGeometry[];
}

/** A place: x, y. */
export type GeoJsonPosition = readonly number[];

/** Section, channel and time point of a geometry as QuPath writes them; c is -1 for all. */
export interface GeoJsonPlane {
  /** Channel, from 0; -1 for all. */
  readonly c?: number;
  /** Section, from 0. */
  readonly z?: number;
  /** Time point, from 0. */
  readonly t?: number;
}

/** A shape as a feature. */
export interface GeoJsonFeature {
  /** Tells it from others. */
  readonly type: "Feature";
  /** Id of the Shape. */
  readonly id?: number | string;
  /** Its outline. */
  readonly geometry: GeoJsonGeometry | null;
  /** Its name and colour, and under `omero` the shape as it is. */
  readonly properties: Readonly<Record<string, unknown>> | null;
}

/** Shapes as features. */
export interface GeoJsonCollection {
  /** Tells it from others. */
  readonly type: "FeatureCollection";
  /** In the order of regions and their shapes. */
  readonly features: readonly GeoJsonFeature[];
}
