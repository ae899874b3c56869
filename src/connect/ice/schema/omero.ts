// Made by tools/generate-types.mjs from omero-py 5.23.0, Ice 3.6.5. Do not edit.

import type * as batch from "../../../columns/batch.js";
import type { CallOptions } from "../client/call.js";
import type { ProxyRef } from "../codec/proxy-ref.js";

/** A proxy of the service named. */
export type ProxyOf<_ServiceId extends keyof OmeroServices> = ProxyRef;

/** `::omero::cmd::State` */
export type State =
  | "ALL"
  | "ACTIVE"
  | "INACTIVE"
  | "SUCCESS"
  | "FAILURE"
  | "CANCELLED";

/** `::omero::constants::LogLevel` */
export type LogLevel =
  | "Trace"
  | "Debug"
  | "Info"
  | "Warn"
  | "Error";

/** `::omero::constants::projection::ProjectionType` */
export type ProjectionProjectionType =
  | "MAXIMUMINTENSITY"
  | "MEANINTENSITY"
  | "SUMINTENSITY";

/** `::omero::grid::monitors::EventType` */
export type MonitorsEventType =
  | "Create"
  | "Modify"
  | "Delete"
  | "System";

/** `::omero::grid::monitors::FileType` */
export type FileType =
  | "File"
  | "Dir"
  | "Link"
  | "Mount"
  | "Unknown";

/** `::omero::grid::monitors::MonitorState` */
export type MonitorState =
  | "Stopped"
  | "Started";

/** `::omero::grid::monitors::MonitorType` */
export type MonitorType =
  | "Persistent"
  | "OneShot"
  | "Inactivity";

/** `::omero::grid::monitors::PathMode` */
export type PathMode =
  | "Flat"
  | "Recurse"
  | "Follow";

/** `::omero::grid::monitors::WatchEventType` */
export type WatchEventType =
  | "Creation"
  | "Modification"
  | "Deletion"
  | "All";

/** `::omero::model::enums::UnitsElectricPotential` */
export type UnitsElectricPotential =
  | "YOTTAVOLT"
  | "ZETTAVOLT"
  | "EXAVOLT"
  | "PETAVOLT"
  | "TERAVOLT"
  | "GIGAVOLT"
  | "MEGAVOLT"
  | "KILOVOLT"
  | "HECTOVOLT"
  | "DECAVOLT"
  | "VOLT"
  | "DECIVOLT"
  | "CENTIVOLT"
  | "MILLIVOLT"
  | "MICROVOLT"
  | "NANOVOLT"
  | "PICOVOLT"
  | "FEMTOVOLT"
  | "ATTOVOLT"
  | "ZEPTOVOLT"
  | "YOCTOVOLT";

/** `::omero::model::enums::UnitsFrequency` */
export type UnitsFrequency =
  | "YOTTAHERTZ"
  | "ZETTAHERTZ"
  | "EXAHERTZ"
  | "PETAHERTZ"
  | "TERAHERTZ"
  | "GIGAHERTZ"
  | "MEGAHERTZ"
  | "KILOHERTZ"
  | "HECTOHERTZ"
  | "DECAHERTZ"
  | "HERTZ"
  | "DECIHERTZ"
  | "CENTIHERTZ"
  | "MILLIHERTZ"
  | "MICROHERTZ"
  | "NANOHERTZ"
  | "PICOHERTZ"
  | "FEMTOHERTZ"
  | "ATTOHERTZ"
  | "ZEPTOHERTZ"
  | "YOCTOHERTZ";

/** `::omero::model::enums::UnitsLength` */
export type UnitsLength =
  | "YOTTAMETER"
  | "ZETTAMETER"
  | "EXAMETER"
  | "PETAMETER"
  | "TERAMETER"
  | "GIGAMETER"
  | "MEGAMETER"
  | "KILOMETER"
  | "HECTOMETER"
  | "DECAMETER"
  | "METER"
  | "DECIMETER"
  | "CENTIMETER"
  | "MILLIMETER"
  | "MICROMETER"
  | "NANOMETER"
  | "PICOMETER"
  | "FEMTOMETER"
  | "ATTOMETER"
  | "ZEPTOMETER"
  | "YOCTOMETER"
  | "ANGSTROM"
  | "ASTRONOMICALUNIT"
  | "LIGHTYEAR"
  | "PARSEC"
  | "THOU"
  | "LINE"
  | "INCH"
  | "FOOT"
  | "YARD"
  | "MILE"
  | "POINT"
  | "PIXEL"
  | "REFERENCEFRAME";

/** `::omero::model::enums::UnitsPower` */
export type UnitsPower =
  | "YOTTAWATT"
  | "ZETTAWATT"
  | "EXAWATT"
  | "PETAWATT"
  | "TERAWATT"
  | "GIGAWATT"
  | "MEGAWATT"
  | "KILOWATT"
  | "HECTOWATT"
  | "DECAWATT"
  | "WATT"
  | "DECIWATT"
  | "CENTIWATT"
  | "MILLIWATT"
  | "MICROWATT"
  | "NANOWATT"
  | "PICOWATT"
  | "FEMTOWATT"
  | "ATTOWATT"
  | "ZEPTOWATT"
  | "YOCTOWATT";

/** `::omero::model::enums::UnitsPressure` */
export type UnitsPressure =
  | "YOTTAPASCAL"
  | "ZETTAPASCAL"
  | "EXAPASCAL"
  | "PETAPASCAL"
  | "TERAPASCAL"
  | "GIGAPASCAL"
  | "MEGAPASCAL"
  | "KILOPASCAL"
  | "HECTOPASCAL"
  | "DECAPASCAL"
  | "PASCAL"
  | "DECIPASCAL"
  | "CENTIPASCAL"
  | "MILLIPASCAL"
  | "MICROPASCAL"
  | "NANOPASCAL"
  | "PICOPASCAL"
  | "FEMTOPASCAL"
  | "ATTOPASCAL"
  | "ZEPTOPASCAL"
  | "YOCTOPASCAL"
  | "BAR"
  | "MEGABAR"
  | "KILOBAR"
  | "DECIBAR"
  | "CENTIBAR"
  | "MILLIBAR"
  | "ATMOSPHERE"
  | "PSI"
  | "TORR"
  | "MILLITORR"
  | "MMHG";

/** `::omero::model::enums::UnitsTemperature` */
export type UnitsTemperature =
  | "KELVIN"
  | "CELSIUS"
  | "FAHRENHEIT"
  | "RANKINE";

/** `::omero::model::enums::UnitsTime` */
export type UnitsTime =
  | "YOTTASECOND"
  | "ZETTASECOND"
  | "EXASECOND"
  | "PETASECOND"
  | "TERASECOND"
  | "GIGASECOND"
  | "MEGASECOND"
  | "KILOSECOND"
  | "HECTOSECOND"
  | "DECASECOND"
  | "SECOND"
  | "DECISECOND"
  | "CENTISECOND"
  | "MILLISECOND"
  | "MICROSECOND"
  | "NANOSECOND"
  | "PICOSECOND"
  | "FEMTOSECOND"
  | "ATTOSECOND"
  | "ZEPTOSECOND"
  | "YOCTOSECOND"
  | "MINUTE"
  | "HOUR"
  | "DAY";

/** `::Glacier2::SSLInfo` */
export interface SSLInfo {
  remoteHost: string;
  remotePort: number;
  localHost: string;
  localPort: number;
  cipher: string;
  certs: readonly string[];
}

/** `::Ice::Identity` */
export interface Identity {
  name: string;
  category: string;
}

/** `::omero::api::LongPair` */
export interface LongPair {
  first: bigint;
  second: bigint;
}

/** `::omero::grid::RepositoryMap` */
export interface RepositoryMap {
  descriptions: readonly (OriginalFile | null)[];
  proxies: readonly (ProxyOf<"::omero::grid::Repository"> | null)[];
}

/** `::omero::grid::monitors::EventInfo` */
export interface EventInfo {
  fileId: string;
  type: MonitorsEventType;
}

/** `::omero::grid::monitors::FileStats` */
export interface FileStats {
  baseName: string;
  owner: string;
  size: bigint;
  mTime: number;
  cTime: number;
  aTime: number;
  type: FileType;
}

/** `::Glacier2::CannotCreateSessionException` */
export interface CannotCreateSessionException {
  reason: string;
}

/** `::Glacier2::PermissionDeniedException` */
export interface PermissionDeniedException {
  reason: string;
}

/** `::Glacier2::SessionNotExistException` */
export interface SessionNotExistException {}

/** `::omero::ApiUsageException` */
export interface ApiUsageException extends ServerError {}

/** `::omero::AuthenticationException` */
export interface AuthenticationException extends CannotCreateSessionException {}

/** `::omero::ChecksumValidationException` */
export interface ChecksumValidationException extends ValidationException {
  failingChecksums: ReadonlyMap<number, string>;
}

/** `::omero::ConcurrencyException` */
export interface ConcurrencyException extends ServerError {
  backOff: bigint;
}

/** `::omero::ConcurrentModification` */
export interface ConcurrentModification extends ConcurrencyException {}

/** `::omero::DatabaseBusyException` */
export interface DatabaseBusyException extends ConcurrencyException {}

/** `::omero::ExpiredCredentialException` */
export interface ExpiredCredentialException extends CannotCreateSessionException {}

/** `::omero::FilePathNamingException` */
export interface FilePathNamingException extends ValidationException {
  illegalFilePath: string;
  illegalCodePoints: Int32Array;
  illegalPrefixes: readonly string[];
  illegalSuffixes: readonly string[];
  illegalNames: readonly string[];
}

/** `::omero::GroupSecurityViolation` */
export interface GroupSecurityViolation extends SecurityViolation {}

/** `::omero::InternalException` */
export interface InternalException extends ServerError {}

/** `::omero::LockTimeout` */
export interface LockTimeout extends ConcurrencyException {
  seconds: number;
}

/** `::omero::MissingPyramidException` */
export interface MissingPyramidException extends ConcurrencyException {
  pixelsID: bigint;
}

/** `::omero::NoProcessorAvailable` */
export interface NoProcessorAvailable extends ResourceError {
  processorCount: number;
}

/** `::omero::OmeroFSError` */
export interface OmeroFSError extends ServerError {
  reason: string;
}

/** `::omero::OptimisticLockException` */
export interface OptimisticLockException extends ConcurrencyException {}

/** `::omero::OverUsageException` */
export interface OverUsageException extends ApiUsageException {}

/** `::omero::PermissionMismatchGroupSecurityViolation` */
export interface PermissionMismatchGroupSecurityViolation extends SecurityViolation {}

/** `::omero::QueryException` */
export interface QueryException extends ApiUsageException {}

/** `::omero::ReadOnlyGroupSecurityViolation` */
export interface ReadOnlyGroupSecurityViolation extends SecurityViolation {}

/** `::omero::RemovedSessionException` */
export interface RemovedSessionException extends SessionException {}

/** `::omero::ResourceError` */
export interface ResourceError extends ServerError {}

/** `::omero::SecurityViolation` */
export interface SecurityViolation extends ServerError {}

/** `::omero::ServerError` */
export interface ServerError {
  serverStackTrace: string;
  serverExceptionClass: string;
  message: string;
}

/** `::omero::SessionException` */
export interface SessionException extends ServerError {}

/** `::omero::SessionTimeoutException` */
export interface SessionTimeoutException extends SessionException {}

/** `::omero::ShutdownInProgress` */
export interface ShutdownInProgress extends SessionException {}

/** `::omero::TryAgain` */
export interface TryAgain extends ConcurrencyException {}

/** `::omero::ValidationException` */
export interface ValidationException extends ApiUsageException {}

/** `::omero::WrappedCreateSessionException` */
export interface WrappedCreateSessionException extends CannotCreateSessionException {
  concurrency: boolean;
  backOff: bigint;
  type: string;
}

/** `::omero::grid::FileDeleteException` */
export interface FileDeleteException extends RepositoryException {}

/** `::omero::grid::RepositoryException` */
export interface RepositoryException extends ServerError {}

/** `::omero::grid::UnregisteredFileException` */
export interface UnregisteredFileException extends RepositoryException {
  file: OriginalFile | null;
}

/** `::omero::Color` */
export interface Color extends Internal {
  iceId: "::omero::Color";
  packedColor: bigint;
}

/** `::omero::Internal` */
export interface Internal {
  iceId: string;
}

/** `::omero::Plane` */
export interface Plane extends Internal {
  iceId: "::omero::Plane";
  data: readonly Uint8Array[];
}

/** `::omero::Point` */
export interface OmeroPoint extends Internal {
  iceId: "::omero::Point";
  x: number;
  y: number;
}

/** `::omero::RArray` */
export interface RArray extends RCollection {
  iceId: "::omero::RArray";
}

/** `::omero::RBool` */
export interface RBool extends RType {
  iceId: "::omero::RBool";
  val: boolean;
}

/** `::omero::RClass` */
export interface RClass extends RString {
  iceId: "::omero::RClass";
}

/** `::omero::RCollection` */
export interface RCollection extends RType {
  val: readonly (RType | null)[];
}

/** `::omero::RDouble` */
export interface RDouble extends RType {
  iceId: "::omero::RDouble";
  val: number;
}

/** `::omero::RFloat` */
export interface RFloat extends RType {
  iceId: "::omero::RFloat";
  val: number;
}

/** `::omero::RInt` */
export interface RInt extends RType {
  iceId: "::omero::RInt";
  val: number;
}

/** `::omero::RInternal` */
export interface RInternal extends RType {
  iceId: "::omero::RInternal";
  val: Internal | null;
}

/** `::omero::RList` */
export interface RList extends RCollection {
  iceId: "::omero::RList";
}

/** `::omero::RLong` */
export interface RLong extends RType {
  iceId: "::omero::RLong";
  val: bigint;
}

/** `::omero::RMap` */
export interface RMap extends RType {
  iceId: "::omero::RMap";
  val: ReadonlyMap<string, RType | null>;
}

/** `::omero::RObject` */
export interface RObject extends RType {
  iceId: "::omero::RObject";
  val: IObject | null;
}

/** `::omero::RSet` */
export interface RSet extends RCollection {
  iceId: "::omero::RSet";
}

/** `::omero::RString` */
export interface RString extends RType {
  val: string;
}

/** `::omero::RTime` */
export interface RTime extends RType {
  iceId: "::omero::RTime";
  val: bigint;
}

/** `::omero::RType` */
export interface RType {
  iceId: string;
}

/** `::omero::api::ResolutionDescription` */
export interface ResolutionDescription {
  iceId: "::omero::api::ResolutionDescription";
  sizeX: number;
  sizeY: number;
}

/** `::omero::api::RoiOptions` */
export interface RoiOptions {
  iceId: "::omero::api::RoiOptions";
  shapes: readonly string[];
  limit: RInt | null;
  offset: RInt | null;
  userId: RLong | null;
  groupId: RLong | null;
}

/** `::omero::api::RoiResult` */
export interface RoiResult {
  iceId: "::omero::api::RoiResult";
  opts: RoiOptions | null;
  rois: readonly (Roi | null)[];
  byZ: ReadonlyMap<number, readonly (Shape | null)[]>;
  byT: ReadonlyMap<number, readonly (Shape | null)[]>;
}

/** `::omero::api::RoiStats` */
export interface RoiStats {
  iceId: "::omero::api::RoiStats";
  roiId: bigint;
  imageId: bigint;
  pixelsId: bigint;
  combined: ShapeStats | null;
  perShape: readonly (ShapeStats | null)[];
}

/** `::omero::api::Save` */
export interface Save extends Request {
  iceId: "::omero::api::Save";
  obj: IObject | null;
}

/** `::omero::api::SaveRsp` */
export interface SaveRsp extends Response {
  iceId: "::omero::api::SaveRsp";
  obj: IObject | null;
}

/** `::omero::api::ShapePoints` */
export interface ShapePoints {
  iceId: "::omero::api::ShapePoints";
  x: Int32Array;
  y: Int32Array;
}

/** `::omero::api::ShapeStats` */
export interface ShapeStats {
  iceId: "::omero::api::ShapeStats";
  shapeId: bigint;
  channelIds: BigInt64Array;
  pointsCount: BigInt64Array;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  mean: Float64Array;
  stdDev: Float64Array;
}

/** `::omero::cmd::Chgrp2` */
export interface Chgrp2 extends GraphModify2 {
  iceId: "::omero::cmd::Chgrp2";
  groupId: bigint;
}

/** `::omero::cmd::Chgrp2Response` */
export interface Chgrp2Response extends OK {
  iceId: "::omero::cmd::Chgrp2Response";
  includedObjects: ReadonlyMap<string, BigInt64Array>;
  deletedObjects: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::Chmod2` */
export interface Chmod2 extends GraphModify2 {
  iceId: "::omero::cmd::Chmod2";
  permissions: string;
}

/** `::omero::cmd::Chmod2Response` */
export interface Chmod2Response extends OK {
  iceId: "::omero::cmd::Chmod2Response";
  includedObjects: ReadonlyMap<string, BigInt64Array>;
  deletedObjects: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::Chown2` */
export interface Chown2 extends GraphModify2 {
  iceId: "::omero::cmd::Chown2";
  userId: bigint;
  targetUsers: BigInt64Array;
}

/** `::omero::cmd::Chown2Response` */
export interface Chown2Response extends OK {
  iceId: "::omero::cmd::Chown2Response";
  includedObjects: ReadonlyMap<string, BigInt64Array>;
  deletedObjects: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::CurrentSessionsRequest` */
export interface CurrentSessionsRequest extends Request {
  iceId: "::omero::cmd::CurrentSessionsRequest";
}

/** `::omero::cmd::CurrentSessionsResponse` */
export interface CurrentSessionsResponse extends OK {
  iceId: "::omero::cmd::CurrentSessionsResponse";
  sessions: readonly (Session | null)[];
  contexts: readonly (EventContext | null)[];
  data: readonly (ReadonlyMap<string, RType | null>)[];
}

/** `::omero::cmd::Delete2` */
export interface Delete2 extends GraphModify2 {
  iceId: "::omero::cmd::Delete2";
  typesToIgnore: readonly string[];
}

/** `::omero::cmd::Delete2Response` */
export interface Delete2Response extends OK {
  iceId: "::omero::cmd::Delete2Response";
  deletedObjects: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::DiskUsage` */
export interface DiskUsage extends Request {
  iceId: "::omero::cmd::DiskUsage";
  classes: readonly string[];
  objects: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::DiskUsage2` */
export interface DiskUsage2 extends GraphQuery {
  iceId: "::omero::cmd::DiskUsage2";
  targetClasses: readonly string[];
}

/** `::omero::cmd::DiskUsage2Response` */
export interface DiskUsage2Response extends OK {
  iceId: "::omero::cmd::DiskUsage2Response";
  fileCountByReferer: ReadonlyMap<LongPair, ReadonlyMap<string, number>>;
  bytesUsedByReferer: ReadonlyMap<LongPair, ReadonlyMap<string, bigint>>;
  totalFileCount: ReadonlyMap<LongPair, number>;
  totalBytesUsed: ReadonlyMap<LongPair, bigint>;
}

/** `::omero::cmd::DiskUsageResponse` */
export interface DiskUsageResponse extends Response {
  iceId: "::omero::cmd::DiskUsageResponse";
  fileCountByReferer: ReadonlyMap<LongPair, ReadonlyMap<string, number>>;
  bytesUsedByReferer: ReadonlyMap<LongPair, ReadonlyMap<string, bigint>>;
  totalFileCount: ReadonlyMap<LongPair, number>;
  totalBytesUsed: ReadonlyMap<LongPair, bigint>;
}

/** `::omero::cmd::DoAll` */
export interface DoAll extends Request {
  iceId: "::omero::cmd::DoAll";
  requests: readonly (Request | null)[];
  contexts: readonly (ReadonlyMap<string, string>)[];
}

/** `::omero::cmd::DoAllRsp` */
export interface DoAllRsp extends OK {
  iceId: "::omero::cmd::DoAllRsp";
  responses: readonly (Response | null)[];
  status: readonly (Status | null)[];
}

/** `::omero::cmd::Duplicate` */
export interface Duplicate extends GraphModify2 {
  iceId: "::omero::cmd::Duplicate";
  typesToDuplicate: readonly string[];
  typesToReference: readonly string[];
  typesToIgnore: readonly string[];
}

/** `::omero::cmd::DuplicateResponse` */
export interface DuplicateResponse extends OK {
  iceId: "::omero::cmd::DuplicateResponse";
  duplicates: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::ERR` */
export interface ERR extends Response {
  category: string;
  name: string;
  parameters: ReadonlyMap<string, string>;
}

/** `::omero::cmd::FindChildren` */
export interface FindChildren extends GraphQuery {
  iceId: "::omero::cmd::FindChildren";
  typesOfChildren: readonly string[];
  stopBefore: readonly string[];
}

/** `::omero::cmd::FindHandles` */
export interface FindHandles extends Request {
  iceId: "::omero::cmd::FindHandles";
  limit: number;
  include: readonly State[];
  exclude: readonly State[];
}

/** `::omero::cmd::FindHandlesRsp` */
export interface FindHandlesRsp extends OK {
  iceId: "::omero::cmd::FindHandlesRsp";
  handles: readonly (ProxyOf<"::omero::cmd::Handle"> | null)[];
}

/** `::omero::cmd::FindParents` */
export interface FindParents extends GraphQuery {
  iceId: "::omero::cmd::FindParents";
  typesOfParents: readonly string[];
  stopBefore: readonly string[];
}

/** `::omero::cmd::FindPyramids` */
export interface FindPyramids extends Request {
  iceId: "::omero::cmd::FindPyramids";
  littleEndian: RBool | null;
  importedAfter: RTime | null;
  checkEmptyFile: boolean;
  limit: bigint;
}

/** `::omero::cmd::FindPyramidsResponse` */
export interface FindPyramidsResponse extends OK {
  iceId: "::omero::cmd::FindPyramidsResponse";
  pyramidFiles: BigInt64Array;
}

/** `::omero::cmd::FoundChildren` */
export interface FoundChildren extends OK {
  iceId: "::omero::cmd::FoundChildren";
  children: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::FoundParents` */
export interface FoundParents extends OK {
  iceId: "::omero::cmd::FoundParents";
  parents: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::GraphException` */
export interface GraphException extends ERR {
  iceId: "::omero::cmd::GraphException";
  message: string;
}

/** `::omero::cmd::GraphModify2` */
export interface GraphModify2 extends GraphQuery {
  childOptions: readonly (ChildOption | null)[];
  dryRun: boolean;
}

/** `::omero::cmd::GraphQuery` */
export interface GraphQuery extends Request {
  targetObjects: ReadonlyMap<string, BigInt64Array>;
}

/** `::omero::cmd::LegalGraphTargets` */
export interface LegalGraphTargets extends Request {
  iceId: "::omero::cmd::LegalGraphTargets";
  request: GraphQuery | null;
}

/** `::omero::cmd::LegalGraphTargetsResponse` */
export interface LegalGraphTargetsResponse extends OK {
  iceId: "::omero::cmd::LegalGraphTargetsResponse";
  targets: readonly string[];
}

/** `::omero::cmd::ListRequests` */
export interface ListRequests extends Request {
  iceId: "::omero::cmd::ListRequests";
}

/** `::omero::cmd::ListRequestsRsp` */
export interface ListRequestsRsp extends OK {
  iceId: "::omero::cmd::ListRequestsRsp";
  list: readonly (Request | null)[];
}

/** `::omero::cmd::ManageImageBinaries` */
export interface ManageImageBinaries extends Request {
  iceId: "::omero::cmd::ManageImageBinaries";
  imageId: bigint;
  togglePixels: boolean;
  deletePyramid: boolean;
  deleteThumbnails: boolean;
}

/** `::omero::cmd::ManageImageBinariesResponse` */
export interface ManageImageBinariesResponse extends Response {
  iceId: "::omero::cmd::ManageImageBinariesResponse";
  filesetId: RLong | null;
  archivedFiles: BigInt64Array;
  pixelsPresent: boolean;
  pyramidPresent: boolean;
  archivedSize: bigint;
  pixelSize: bigint;
  pyramidSize: bigint;
  thumbnailSize: bigint;
}

/** `::omero::cmd::OK` */
export interface OK extends Response {}

/** `::omero::cmd::OriginalMetadataRequest` */
export interface OriginalMetadataRequest extends Request {
  iceId: "::omero::cmd::OriginalMetadataRequest";
  imageId: bigint;
}

/** `::omero::cmd::OriginalMetadataResponse` */
export interface OriginalMetadataResponse extends OK {
  iceId: "::omero::cmd::OriginalMetadataResponse";
  filesetId: RLong | null;
  fileAnnotationId: RLong | null;
  globalMetadata: ReadonlyMap<string, RType | null>;
  seriesMetadata: ReadonlyMap<string, RType | null>;
}

/** `::omero::cmd::PopStatus` */
export interface PopStatus extends Request {
  iceId: "::omero::cmd::PopStatus";
  limit: number;
  include: readonly State[];
  exclude: readonly State[];
}

/** `::omero::cmd::PopStatusRsp` */
export interface PopStatusRsp extends OK {
  iceId: "::omero::cmd::PopStatusRsp";
  list: readonly (Status | null)[];
}

/** `::omero::cmd::Request` */
export interface Request {
  iceId: string;
}

/** `::omero::cmd::ResetPasswordRequest` */
export interface ResetPasswordRequest extends Request {
  iceId: "::omero::cmd::ResetPasswordRequest";
  omename: string;
  email: string;
}

/** `::omero::cmd::ResetPasswordResponse` */
export interface ResetPasswordResponse extends OK {
  iceId: "::omero::cmd::ResetPasswordResponse";
}

/** `::omero::cmd::Response` */
export interface Response {
  iceId: string;
}

/** `::omero::cmd::SendEmailRequest` */
export interface SendEmailRequest extends Request {
  iceId: "::omero::cmd::SendEmailRequest";
  subject: string;
  body: string;
  html: boolean;
  userIds: BigInt64Array;
  groupIds: BigInt64Array;
  extra: readonly string[];
  inactive: boolean;
  everyone: boolean;
}

/** `::omero::cmd::SendEmailResponse` */
export interface SendEmailResponse extends Response {
  iceId: "::omero::cmd::SendEmailResponse";
  total: bigint;
  success: bigint;
  invalidusers: BigInt64Array;
  invalidemails: readonly string[];
}

/** `::omero::cmd::SkipHead` */
export interface SkipHead extends GraphModify2 {
  iceId: "::omero::cmd::SkipHead";
  startFrom: readonly string[];
  request: GraphModify2 | null;
}

/** `::omero::cmd::Status` */
export interface Status {
  iceId: "::omero::cmd::Status";
  source: ProxyOf<"::omero::cmd::Handle"> | null;
  category: string;
  name: string;
  flags: readonly State[];
  parameters: ReadonlyMap<string, string>;
  currentStep: number;
  steps: number;
  startTime: bigint;
  stepStartTimes: BigInt64Array;
  stepStopTimes: BigInt64Array;
  stopTime: bigint;
}

/** `::omero::cmd::Timing` */
export interface Timing extends Request {
  iceId: "::omero::cmd::Timing";
  steps: number;
  millisPerStep: number;
}

/** `::omero::cmd::Unknown` */
export interface Unknown extends ERR {
  iceId: "::omero::cmd::Unknown";
}

/** `::omero::cmd::UpdateSessionTimeoutRequest` */
export interface UpdateSessionTimeoutRequest extends Request {
  iceId: "::omero::cmd::UpdateSessionTimeoutRequest";
  session: string;
  timeToLive: RLong | null;
  timeToIdle: RLong | null;
}

/** `::omero::cmd::UsedFilesRequest` */
export interface UsedFilesRequest extends Request {
  iceId: "::omero::cmd::UsedFilesRequest";
  imageId: bigint;
}

/** `::omero::cmd::UsedFilesResponse` */
export interface UsedFilesResponse extends OK {
  iceId: "::omero::cmd::UsedFilesResponse";
  binaryFilesThisSeries: BigInt64Array;
  binaryFilesOtherSeries: BigInt64Array;
  companionFilesThisSeries: BigInt64Array;
  companionFilesOtherSeries: BigInt64Array;
}

/** `::omero::cmd::UsedFilesResponsePreFs` */
export interface UsedFilesResponsePreFs extends OK {
  iceId: "::omero::cmd::UsedFilesResponsePreFs";
  archivedFiles: BigInt64Array;
  companionFiles: BigInt64Array;
  originalMetadataFiles: BigInt64Array;
}

/** `::omero::cmd::graphs::ChildOption` */
export interface ChildOption {
  iceId: "::omero::cmd::graphs::ChildOption";
  includeType: readonly string[];
  excludeType: readonly string[];
  includeNs: readonly string[];
  excludeNs: readonly string[];
}

/** `::omero::grid::BoolColumn` */
export interface BoolColumn extends Column {
  iceId: "::omero::grid::BoolColumn";
  data: batch.BoolColumn;
}

/** `::omero::grid::Column` */
export interface Column {
  iceId: string;
  name: string;
  description: string;
  size?: number;
  data: batch.ColumnData;
}

/** `::omero::grid::Data` */
export interface Data {
  iceId: "::omero::grid::Data";
  lastModification: bigint;
  rowNumbers: BigInt64Array;
  columns: readonly (Column | null)[];
}

/** `::omero::grid::DatasetColumn` */
export interface DatasetColumn extends Column {
  iceId: "::omero::grid::DatasetColumn";
  data: batch.LongColumn;
}

/** `::omero::grid::DoubleArrayColumn` */
export interface DoubleArrayColumn extends Column {
  iceId: "::omero::grid::DoubleArrayColumn";
  size: number;
  data: batch.ArrayColumn;
}

/** `::omero::grid::DoubleColumn` */
export interface DoubleColumn extends Column {
  iceId: "::omero::grid::DoubleColumn";
  data: batch.DoubleColumn;
}

/** `::omero::grid::FileColumn` */
export interface FileColumn extends Column {
  iceId: "::omero::grid::FileColumn";
  data: batch.LongColumn;
}

/** `::omero::grid::FloatArrayColumn` */
export interface FloatArrayColumn extends Column {
  iceId: "::omero::grid::FloatArrayColumn";
  size: number;
  data: batch.ArrayColumn;
}

/** `::omero::grid::ImageColumn` */
export interface ImageColumn extends Column {
  iceId: "::omero::grid::ImageColumn";
  data: batch.LongColumn;
}

/** `::omero::grid::ImportLocation` */
export interface ImportLocation {
  iceId: "::omero::grid::ImportLocation";
  sharedPath: string;
  omittedLevels: number;
  usedFiles: readonly string[];
  directory: OriginalFile | null;
}

/** `::omero::grid::ImportRequest` */
export interface ImportRequest extends Request {
  iceId: "::omero::grid::ImportRequest";
  clientUuid: string;
  repoUuid: string;
  process: ProxyOf<"::omero::grid::ImportProcess"> | null;
  activity: FilesetJobLink | null;
  settings: ImportSettings | null;
  location: ImportLocation | null;
  logFile: OriginalFile | null;
}

/** `::omero::grid::ImportResponse` */
export interface ImportResponse extends OK {
  iceId: "::omero::grid::ImportResponse";
  pixels: readonly (Pixels | null)[];
  objects: readonly (IObject | null)[];
}

/** `::omero::grid::ImportSettings` */
export interface ImportSettings {
  iceId: "::omero::grid::ImportSettings";
  userSpecifiedTarget: IObject | null;
  userSpecifiedName: RString | null;
  userSpecifiedDescription: RString | null;
  userSpecifiedPixels: Float64Array;
  userSpecifiedAnnotationList: readonly (Annotation | null)[];
  doThumbnails: RBool | null;
  noStatsInfo: RBool | null;
  checksumAlgorithm: ChecksumAlgorithm | null;
}

/** `::omero::grid::JobParams` */
export interface JobParams extends Internal {
  iceId: "::omero::grid::JobParams";
  name: string;
  version: string;
  description: string;
  contact: string;
  authors: readonly string[];
  institutions: readonly string[];
  authorsInstitutions: readonly Int32Array[];
  inputs: ReadonlyMap<string, Param | null>;
  outputs: ReadonlyMap<string, Param | null>;
  stdoutFormat: string;
  stderrFormat: string;
  namespaces: readonly string[];
}

/** `::omero::grid::LongArrayColumn` */
export interface LongArrayColumn extends Column {
  iceId: "::omero::grid::LongArrayColumn";
  size: number;
  data: batch.ArrayColumn;
}

/** `::omero::grid::LongColumn` */
export interface LongColumn extends Column {
  iceId: "::omero::grid::LongColumn";
  data: batch.LongColumn;
}

/** `::omero::grid::MaskColumn` */
export interface MaskColumn extends Column {
  iceId: "::omero::grid::MaskColumn";
  data: batch.MaskColumn;
}

/** `::omero::grid::Param` */
export interface Param {
  iceId: "::omero::grid::Param";
  description: string;
  optional: boolean;
  useDefault: boolean;
  prototype: RType | null;
  min: RType | null;
  max: RType | null;
  values: RList | null;
  grouping: string;
  namespaces: readonly string[];
}

/** `::omero::grid::PlateColumn` */
export interface PlateColumn extends Column {
  iceId: "::omero::grid::PlateColumn";
  data: batch.LongColumn;
}

/** `::omero::grid::RawAccessRequest` */
export interface RawAccessRequest extends Request {
  iceId: "::omero::grid::RawAccessRequest";
  repoUuid: string;
  command: string;
  args: readonly string[];
  path: string;
}

/** `::omero::grid::RoiColumn` */
export interface RoiColumn extends Column {
  iceId: "::omero::grid::RoiColumn";
  data: batch.LongColumn;
}

/** `::omero::grid::StringColumn` */
export interface StringColumn extends Column {
  iceId: "::omero::grid::StringColumn";
  size: number;
  data: batch.StringColumn;
}

/** `::omero::grid::WellColumn` */
export interface WellColumn extends Column {
  iceId: "::omero::grid::WellColumn";
  data: batch.LongColumn;
}

/** `::omero::metadatastore::IObjectContainer` */
export interface IObjectContainer {
  iceId: "::omero::metadatastore::IObjectContainer";
  LSID: string;
  indexes: ReadonlyMap<string, number>;
  sourceObject: IObject | null;
}

/** `::omero::model::AcquisitionMode` */
export interface AcquisitionMode extends IObject {
  iceId: "::omero::model::AcquisitionMode";
  value: RString | null;
}

/** `::omero::model::AdminPrivilege` */
export interface AdminPrivilege extends IObject {
  iceId: "::omero::model::AdminPrivilege";
  value: RString | null;
}

/** `::omero::model::AffineTransform` */
export interface AffineTransform extends IObject {
  iceId: "::omero::model::AffineTransform";
  version: RInt | null;
  a00: RDouble | null;
  a10: RDouble | null;
  a01: RDouble | null;
  a11: RDouble | null;
  a02: RDouble | null;
  a12: RDouble | null;
}

/** `::omero::model::Annotation` */
export interface Annotation extends IObject {
  version: RInt | null;
  ns: RString | null;
  name: RString | null;
  description: RString | null;
  annotationLinksSeq: readonly (AnnotationAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::AnnotationAnnotationLink` */
export interface AnnotationAnnotationLink extends IObject {
  iceId: "::omero::model::AnnotationAnnotationLink";
  version: RInt | null;
  parent: Annotation | null;
  child: Annotation | null;
}

/** `::omero::model::Arc` */
export interface Arc extends LightSource {
  iceId: "::omero::model::Arc";
  type: ArcType | null;
}

/** `::omero::model::ArcType` */
export interface ArcType extends IObject {
  iceId: "::omero::model::ArcType";
  value: RString | null;
}

/** `::omero::model::BasicAnnotation` */
export interface BasicAnnotation extends Annotation {}

/** `::omero::model::Binning` */
export interface Binning extends IObject {
  iceId: "::omero::model::Binning";
  value: RString | null;
}

/** `::omero::model::BooleanAnnotation` */
export interface BooleanAnnotation extends BasicAnnotation {
  iceId: "::omero::model::BooleanAnnotation";
  boolValue: RBool | null;
}

/** `::omero::model::Channel` */
export interface Channel extends IObject {
  iceId: "::omero::model::Channel";
  version: RInt | null;
  statsInfo: StatsInfo | null;
  red: RInt | null;
  green: RInt | null;
  blue: RInt | null;
  alpha: RInt | null;
  lookupTable: RString | null;
  logicalChannel: LogicalChannel | null;
  pixels: Pixels | null;
  annotationLinksSeq: readonly (ChannelAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::ChannelAnnotationLink` */
export interface ChannelAnnotationLink extends IObject {
  iceId: "::omero::model::ChannelAnnotationLink";
  version: RInt | null;
  parent: Channel | null;
  child: Annotation | null;
}

/** `::omero::model::ChannelBinding` */
export interface ChannelBinding extends IObject {
  iceId: "::omero::model::ChannelBinding";
  version: RInt | null;
  renderingDef: RenderingDef | null;
  family: Family | null;
  coefficient: RDouble | null;
  inputStart: RDouble | null;
  inputEnd: RDouble | null;
  active: RBool | null;
  noiseReduction: RBool | null;
  red: RInt | null;
  green: RInt | null;
  blue: RInt | null;
  alpha: RInt | null;
  lookupTable: RString | null;
  spatialDomainEnhancementSeq: readonly (CodomainMapContext | null)[];
  spatialDomainEnhancementLoaded: boolean;
}

/** `::omero::model::ChecksumAlgorithm` */
export interface ChecksumAlgorithm extends IObject {
  iceId: "::omero::model::ChecksumAlgorithm";
  value: RString | null;
}

/** `::omero::model::CodomainMapContext` */
export interface CodomainMapContext extends IObject {
  version: RInt | null;
  channelBinding: ChannelBinding | null;
}

/** `::omero::model::CommentAnnotation` */
export interface CommentAnnotation extends TextAnnotation {
  iceId: "::omero::model::CommentAnnotation";
}

/** `::omero::model::ContrastMethod` */
export interface ContrastMethod extends IObject {
  iceId: "::omero::model::ContrastMethod";
  value: RString | null;
}

/** `::omero::model::ContrastStretchingContext` */
export interface ContrastStretchingContext extends CodomainMapContext {
  iceId: "::omero::model::ContrastStretchingContext";
  xstart: RInt | null;
  ystart: RInt | null;
  xend: RInt | null;
  yend: RInt | null;
}

/** `::omero::model::Correction` */
export interface Correction extends IObject {
  iceId: "::omero::model::Correction";
  value: RString | null;
}

/** `::omero::model::DBPatch` */
export interface DBPatch extends IObject {
  iceId: "::omero::model::DBPatch";
  currentVersion: RString | null;
  currentPatch: RInt | null;
  previousVersion: RString | null;
  previousPatch: RInt | null;
  finished: RTime | null;
  message: RString | null;
}

/** `::omero::model::Dataset` */
export interface Dataset extends IObject {
  iceId: "::omero::model::Dataset";
  version: RInt | null;
  projectLinksSeq: readonly (ProjectDatasetLink | null)[];
  projectLinksLoaded: boolean;
  projectLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  imageLinksSeq: readonly (DatasetImageLink | null)[];
  imageLinksLoaded: boolean;
  imageLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  annotationLinksSeq: readonly (DatasetAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
  description: RString | null;
}

/** `::omero::model::DatasetAnnotationLink` */
export interface DatasetAnnotationLink extends IObject {
  iceId: "::omero::model::DatasetAnnotationLink";
  version: RInt | null;
  parent: Dataset | null;
  child: Annotation | null;
}

/** `::omero::model::DatasetImageLink` */
export interface DatasetImageLink extends IObject {
  iceId: "::omero::model::DatasetImageLink";
  version: RInt | null;
  parent: Dataset | null;
  child: Image | null;
}

/** `::omero::model::Details` */
export interface Details {
  iceId: "::omero::model::Details";
  owner: Experimenter | null;
  group: ExperimenterGroup | null;
  creationEvent: Event | null;
  updateEvent: Event | null;
  permissions: Permissions | null;
  externalInfo: ExternalInfo | null;
  call: ReadonlyMap<string, string>;
  event: EventContext | null;
}

/** `::omero::model::Detector` */
export interface Detector extends IObject {
  iceId: "::omero::model::Detector";
  version: RInt | null;
  manufacturer: RString | null;
  model: RString | null;
  lotNumber: RString | null;
  serialNumber: RString | null;
  voltage: ElectricPotential | null;
  gain: RDouble | null;
  offsetValue: RDouble | null;
  zoom: RDouble | null;
  amplificationGain: RDouble | null;
  type: DetectorType | null;
  instrument: Instrument | null;
  annotationLinksSeq: readonly (DetectorAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::DetectorAnnotationLink` */
export interface DetectorAnnotationLink extends IObject {
  iceId: "::omero::model::DetectorAnnotationLink";
  version: RInt | null;
  parent: Detector | null;
  child: Annotation | null;
}

/** `::omero::model::DetectorSettings` */
export interface DetectorSettings extends IObject {
  iceId: "::omero::model::DetectorSettings";
  version: RInt | null;
  voltage: ElectricPotential | null;
  gain: RDouble | null;
  offsetValue: RDouble | null;
  readOutRate: Frequency | null;
  binning: Binning | null;
  integration: RInt | null;
  zoom: RDouble | null;
  detector: Detector | null;
}

/** `::omero::model::DetectorType` */
export interface DetectorType extends IObject {
  iceId: "::omero::model::DetectorType";
  value: RString | null;
}

/** `::omero::model::Dichroic` */
export interface Dichroic extends IObject {
  iceId: "::omero::model::Dichroic";
  version: RInt | null;
  manufacturer: RString | null;
  model: RString | null;
  lotNumber: RString | null;
  serialNumber: RString | null;
  instrument: Instrument | null;
  annotationLinksSeq: readonly (DichroicAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::DichroicAnnotationLink` */
export interface DichroicAnnotationLink extends IObject {
  iceId: "::omero::model::DichroicAnnotationLink";
  version: RInt | null;
  parent: Dichroic | null;
  child: Annotation | null;
}

/** `::omero::model::DimensionOrder` */
export interface DimensionOrder extends IObject {
  iceId: "::omero::model::DimensionOrder";
  value: RString | null;
}

/** `::omero::model::DoubleAnnotation` */
export interface DoubleAnnotation extends NumericAnnotation {
  iceId: "::omero::model::DoubleAnnotation";
  doubleValue: RDouble | null;
}

/** `::omero::model::ElectricPotential` */
export interface ElectricPotential {
  iceId: "::omero::model::ElectricPotential";
  value: number;
  unit: UnitsElectricPotential;
}

/** `::omero::model::Ellipse` */
export interface Ellipse extends Shape {
  iceId: "::omero::model::Ellipse";
  x: RDouble | null;
  y: RDouble | null;
  radiusX: RDouble | null;
  radiusY: RDouble | null;
  textValue: RString | null;
}

/** `::omero::model::Event` */
export interface Event extends IObject {
  iceId: "::omero::model::Event";
  status: RString | null;
  time: RTime | null;
  experimenter: Experimenter | null;
  experimenterGroup: ExperimenterGroup | null;
  type: EventType | null;
  containingEvent: Event | null;
  logsSeq: readonly (EventLog | null)[];
  logsLoaded: boolean;
  session: Session | null;
}

/** `::omero::model::EventLog` */
export interface EventLog extends IObject {
  iceId: "::omero::model::EventLog";
  entityId: RLong | null;
  entityType: RString | null;
  action: RString | null;
  event: Event | null;
}

/** `::omero::model::EventType` */
export interface EventType extends IObject {
  iceId: "::omero::model::EventType";
  value: RString | null;
}

/** `::omero::model::Experiment` */
export interface Experiment extends IObject {
  iceId: "::omero::model::Experiment";
  version: RInt | null;
  type: ExperimentType | null;
  microbeamManipulationSeq: readonly (MicrobeamManipulation | null)[];
  microbeamManipulationLoaded: boolean;
  description: RString | null;
}

/** `::omero::model::ExperimentType` */
export interface ExperimentType extends IObject {
  iceId: "::omero::model::ExperimentType";
  value: RString | null;
}

/** `::omero::model::Experimenter` */
export interface Experimenter extends IObject {
  iceId: "::omero::model::Experimenter";
  version: RInt | null;
  groupExperimenterMapSeq: readonly (GroupExperimenterMap | null)[];
  groupExperimenterMapLoaded: boolean;
  omeName: RString | null;
  firstName: RString | null;
  middleName: RString | null;
  lastName: RString | null;
  institution: RString | null;
  ldap: RBool | null;
  email: RString | null;
  config: readonly (NamedValue | null)[];
  annotationLinksSeq: readonly (ExperimenterAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::ExperimenterAnnotationLink` */
export interface ExperimenterAnnotationLink extends IObject {
  iceId: "::omero::model::ExperimenterAnnotationLink";
  version: RInt | null;
  parent: Experimenter | null;
  child: Annotation | null;
}

/** `::omero::model::ExperimenterGroup` */
export interface ExperimenterGroup extends IObject {
  iceId: "::omero::model::ExperimenterGroup";
  version: RInt | null;
  name: RString | null;
  ldap: RBool | null;
  groupExperimenterMapSeq: readonly (GroupExperimenterMap | null)[];
  groupExperimenterMapLoaded: boolean;
  config: readonly (NamedValue | null)[];
  annotationLinksSeq: readonly (ExperimenterGroupAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  description: RString | null;
}

/** `::omero::model::ExperimenterGroupAnnotationLink` */
export interface ExperimenterGroupAnnotationLink extends IObject {
  iceId: "::omero::model::ExperimenterGroupAnnotationLink";
  version: RInt | null;
  parent: ExperimenterGroup | null;
  child: Annotation | null;
}

/** `::omero::model::ExternalInfo` */
export interface ExternalInfo extends IObject {
  iceId: "::omero::model::ExternalInfo";
  entityId: RLong | null;
  entityType: RString | null;
  lsid: RString | null;
  uuid: RString | null;
}

/** `::omero::model::Family` */
export interface Family extends IObject {
  iceId: "::omero::model::Family";
  value: RString | null;
}

/** `::omero::model::Filament` */
export interface Filament extends LightSource {
  iceId: "::omero::model::Filament";
  type: FilamentType | null;
}

/** `::omero::model::FilamentType` */
export interface FilamentType extends IObject {
  iceId: "::omero::model::FilamentType";
  value: RString | null;
}

/** `::omero::model::FileAnnotation` */
export interface FileAnnotation extends TypeAnnotation {
  iceId: "::omero::model::FileAnnotation";
  file: OriginalFile | null;
}

/** `::omero::model::Fileset` */
export interface Fileset extends IObject {
  iceId: "::omero::model::Fileset";
  version: RInt | null;
  usedFilesSeq: readonly (FilesetEntry | null)[];
  usedFilesLoaded: boolean;
  imagesSeq: readonly (Image | null)[];
  imagesLoaded: boolean;
  jobLinksSeq: readonly (FilesetJobLink | null)[];
  jobLinksLoaded: boolean;
  jobLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  templatePrefix: RString | null;
  annotationLinksSeq: readonly (FilesetAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::FilesetAnnotationLink` */
export interface FilesetAnnotationLink extends IObject {
  iceId: "::omero::model::FilesetAnnotationLink";
  version: RInt | null;
  parent: Fileset | null;
  child: Annotation | null;
}

/** `::omero::model::FilesetEntry` */
export interface FilesetEntry extends IObject {
  iceId: "::omero::model::FilesetEntry";
  version: RInt | null;
  fileset: Fileset | null;
  originalFile: OriginalFile | null;
  clientPath: RString | null;
}

/** `::omero::model::FilesetJobLink` */
export interface FilesetJobLink extends IObject {
  iceId: "::omero::model::FilesetJobLink";
  version: RInt | null;
  parent: Fileset | null;
  child: Job | null;
}

/** `::omero::model::Filter` */
export interface Filter extends IObject {
  iceId: "::omero::model::Filter";
  version: RInt | null;
  manufacturer: RString | null;
  model: RString | null;
  lotNumber: RString | null;
  serialNumber: RString | null;
  filterWheel: RString | null;
  type: FilterType | null;
  transmittanceRange: TransmittanceRange | null;
  instrument: Instrument | null;
  excitationFilterLinkSeq: readonly (FilterSetExcitationFilterLink | null)[];
  excitationFilterLinkLoaded: boolean;
  excitationFilterLinkCountPerOwner: ReadonlyMap<bigint, bigint>;
  emissionFilterLinkSeq: readonly (FilterSetEmissionFilterLink | null)[];
  emissionFilterLinkLoaded: boolean;
  emissionFilterLinkCountPerOwner: ReadonlyMap<bigint, bigint>;
  annotationLinksSeq: readonly (FilterAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::FilterAnnotationLink` */
export interface FilterAnnotationLink extends IObject {
  iceId: "::omero::model::FilterAnnotationLink";
  version: RInt | null;
  parent: Filter | null;
  child: Annotation | null;
}

/** `::omero::model::FilterSet` */
export interface FilterSet extends IObject {
  iceId: "::omero::model::FilterSet";
  version: RInt | null;
  manufacturer: RString | null;
  model: RString | null;
  lotNumber: RString | null;
  serialNumber: RString | null;
  instrument: Instrument | null;
  excitationFilterLinkSeq: readonly (FilterSetExcitationFilterLink | null)[];
  excitationFilterLinkLoaded: boolean;
  excitationFilterLinkCountPerOwner: ReadonlyMap<bigint, bigint>;
  dichroic: Dichroic | null;
  emissionFilterLinkSeq: readonly (FilterSetEmissionFilterLink | null)[];
  emissionFilterLinkLoaded: boolean;
  emissionFilterLinkCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::FilterSetEmissionFilterLink` */
export interface FilterSetEmissionFilterLink extends IObject {
  iceId: "::omero::model::FilterSetEmissionFilterLink";
  version: RInt | null;
  parent: FilterSet | null;
  child: Filter | null;
}

/** `::omero::model::FilterSetExcitationFilterLink` */
export interface FilterSetExcitationFilterLink extends IObject {
  iceId: "::omero::model::FilterSetExcitationFilterLink";
  version: RInt | null;
  parent: FilterSet | null;
  child: Filter | null;
}

/** `::omero::model::FilterType` */
export interface FilterType extends IObject {
  iceId: "::omero::model::FilterType";
  value: RString | null;
}

/** `::omero::model::Folder` */
export interface Folder extends IObject {
  iceId: "::omero::model::Folder";
  version: RInt | null;
  childFoldersSeq: readonly (Folder | null)[];
  childFoldersLoaded: boolean;
  parentFolder: Folder | null;
  imageLinksSeq: readonly (FolderImageLink | null)[];
  imageLinksLoaded: boolean;
  imageLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  roiLinksSeq: readonly (FolderRoiLink | null)[];
  roiLinksLoaded: boolean;
  roiLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  annotationLinksSeq: readonly (FolderAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
  description: RString | null;
}

/** `::omero::model::FolderAnnotationLink` */
export interface FolderAnnotationLink extends IObject {
  iceId: "::omero::model::FolderAnnotationLink";
  version: RInt | null;
  parent: Folder | null;
  child: Annotation | null;
}

/** `::omero::model::FolderImageLink` */
export interface FolderImageLink extends IObject {
  iceId: "::omero::model::FolderImageLink";
  version: RInt | null;
  parent: Folder | null;
  child: Image | null;
}

/** `::omero::model::FolderRoiLink` */
export interface FolderRoiLink extends IObject {
  iceId: "::omero::model::FolderRoiLink";
  version: RInt | null;
  parent: Folder | null;
  child: Roi | null;
}

/** `::omero::model::Format` */
export interface Format extends IObject {
  iceId: "::omero::model::Format";
  value: RString | null;
}

/** `::omero::model::Frequency` */
export interface Frequency {
  iceId: "::omero::model::Frequency";
  value: number;
  unit: UnitsFrequency;
}

/** `::omero::model::GenericExcitationSource` */
export interface GenericExcitationSource extends LightSource {
  iceId: "::omero::model::GenericExcitationSource";
  map: readonly (NamedValue | null)[];
}

/** `::omero::model::GroupExperimenterMap` */
export interface GroupExperimenterMap extends IObject {
  iceId: "::omero::model::GroupExperimenterMap";
  version: RInt | null;
  parent: ExperimenterGroup | null;
  child: Experimenter | null;
  owner: RBool | null;
}

/** `::omero::model::IObject` */
export interface IObject {
  iceId: string;
  id: RLong | null;
  details: Details | null;
  loaded: boolean;
}

/** `::omero::model::Illumination` */
export interface Illumination extends IObject {
  iceId: "::omero::model::Illumination";
  value: RString | null;
}

/** `::omero::model::Image` */
export interface Image extends IObject {
  iceId: "::omero::model::Image";
  version: RInt | null;
  series: RInt | null;
  acquisitionDate: RTime | null;
  archived: RBool | null;
  partial: RBool | null;
  format: Format | null;
  imagingEnvironment: ImagingEnvironment | null;
  objectiveSettings: ObjectiveSettings | null;
  instrument: Instrument | null;
  stageLabel: StageLabel | null;
  experiment: Experiment | null;
  pixelsSeq: readonly (Pixels | null)[];
  pixelsLoaded: boolean;
  wellSamplesSeq: readonly (WellSample | null)[];
  wellSamplesLoaded: boolean;
  roisSeq: readonly (Roi | null)[];
  roisLoaded: boolean;
  datasetLinksSeq: readonly (DatasetImageLink | null)[];
  datasetLinksLoaded: boolean;
  datasetLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  folderLinksSeq: readonly (FolderImageLink | null)[];
  folderLinksLoaded: boolean;
  folderLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  fileset: Fileset | null;
  annotationLinksSeq: readonly (ImageAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
  description: RString | null;
}

/** `::omero::model::ImageAnnotationLink` */
export interface ImageAnnotationLink extends IObject {
  iceId: "::omero::model::ImageAnnotationLink";
  version: RInt | null;
  parent: Image | null;
  child: Annotation | null;
}

/** `::omero::model::ImagingEnvironment` */
export interface ImagingEnvironment extends IObject {
  iceId: "::omero::model::ImagingEnvironment";
  version: RInt | null;
  temperature: Temperature | null;
  airPressure: Pressure | null;
  humidity: RDouble | null;
  co2percent: RDouble | null;
  map: readonly (NamedValue | null)[];
}

/** `::omero::model::Immersion` */
export interface Immersion extends IObject {
  iceId: "::omero::model::Immersion";
  value: RString | null;
}

/** `::omero::model::ImportJob` */
export interface ImportJob extends Job {
  iceId: "::omero::model::ImportJob";
  imageName: RString | null;
  imageDescription: RString | null;
}

/** `::omero::model::IndexingJob` */
export interface IndexingJob extends Job {
  iceId: "::omero::model::IndexingJob";
}

/** `::omero::model::Instrument` */
export interface Instrument extends IObject {
  iceId: "::omero::model::Instrument";
  version: RInt | null;
  microscope: Microscope | null;
  detectorSeq: readonly (Detector | null)[];
  detectorLoaded: boolean;
  objectiveSeq: readonly (Objective | null)[];
  objectiveLoaded: boolean;
  lightSourceSeq: readonly (LightSource | null)[];
  lightSourceLoaded: boolean;
  filterSeq: readonly (Filter | null)[];
  filterLoaded: boolean;
  dichroicSeq: readonly (Dichroic | null)[];
  dichroicLoaded: boolean;
  filterSetSeq: readonly (FilterSet | null)[];
  filterSetLoaded: boolean;
  otfSeq: readonly (OTF | null)[];
  otfLoaded: boolean;
  annotationLinksSeq: readonly (InstrumentAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::InstrumentAnnotationLink` */
export interface InstrumentAnnotationLink extends IObject {
  iceId: "::omero::model::InstrumentAnnotationLink";
  version: RInt | null;
  parent: Instrument | null;
  child: Annotation | null;
}

/** `::omero::model::IntegrityCheckJob` */
export interface IntegrityCheckJob extends Job {
  iceId: "::omero::model::IntegrityCheckJob";
}

/** `::omero::model::Job` */
export interface Job extends IObject {
  version: RInt | null;
  username: RString | null;
  groupname: RString | null;
  type: RString | null;
  message: RString | null;
  status: JobStatus | null;
  submitted: RTime | null;
  scheduledFor: RTime | null;
  started: RTime | null;
  finished: RTime | null;
  originalFileLinksSeq: readonly (JobOriginalFileLink | null)[];
  originalFileLinksLoaded: boolean;
  originalFileLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::JobOriginalFileLink` */
export interface JobOriginalFileLink extends IObject {
  iceId: "::omero::model::JobOriginalFileLink";
  version: RInt | null;
  parent: Job | null;
  child: OriginalFile | null;
}

/** `::omero::model::JobStatus` */
export interface JobStatus extends IObject {
  iceId: "::omero::model::JobStatus";
  value: RString | null;
}

/** `::omero::model::Label` */
export interface Label extends Shape {
  iceId: "::omero::model::Label";
  x: RDouble | null;
  y: RDouble | null;
  textValue: RString | null;
}

/** `::omero::model::Laser` */
export interface Laser extends LightSource {
  iceId: "::omero::model::Laser";
  type: LaserType | null;
  laserMedium: LaserMedium | null;
  frequencyMultiplication: RInt | null;
  tuneable: RBool | null;
  pulse: Pulse | null;
  wavelength: Length | null;
  pockelCell: RBool | null;
  pump: LightSource | null;
  repetitionRate: Frequency | null;
}

/** `::omero::model::LaserMedium` */
export interface LaserMedium extends IObject {
  iceId: "::omero::model::LaserMedium";
  value: RString | null;
}

/** `::omero::model::LaserType` */
export interface LaserType extends IObject {
  iceId: "::omero::model::LaserType";
  value: RString | null;
}

/** `::omero::model::Length` */
export interface Length {
  iceId: "::omero::model::Length";
  value: number;
  unit: UnitsLength;
}

/** `::omero::model::LightEmittingDiode` */
export interface LightEmittingDiode extends LightSource {
  iceId: "::omero::model::LightEmittingDiode";
}

/** `::omero::model::LightPath` */
export interface LightPath extends IObject {
  iceId: "::omero::model::LightPath";
  version: RInt | null;
  excitationFilterLinkSeq: readonly (LightPathExcitationFilterLink | null)[];
  excitationFilterLinkLoaded: boolean;
  excitationFilterLinkCountPerOwner: ReadonlyMap<bigint, bigint>;
  dichroic: Dichroic | null;
  emissionFilterLinkSeq: readonly (LightPathEmissionFilterLink | null)[];
  emissionFilterLinkLoaded: boolean;
  emissionFilterLinkCountPerOwner: ReadonlyMap<bigint, bigint>;
  annotationLinksSeq: readonly (LightPathAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::LightPathAnnotationLink` */
export interface LightPathAnnotationLink extends IObject {
  iceId: "::omero::model::LightPathAnnotationLink";
  version: RInt | null;
  parent: LightPath | null;
  child: Annotation | null;
}

/** `::omero::model::LightPathEmissionFilterLink` */
export interface LightPathEmissionFilterLink extends IObject {
  iceId: "::omero::model::LightPathEmissionFilterLink";
  version: RInt | null;
  parent: LightPath | null;
  child: Filter | null;
}

/** `::omero::model::LightPathExcitationFilterLink` */
export interface LightPathExcitationFilterLink extends IObject {
  iceId: "::omero::model::LightPathExcitationFilterLink";
  version: RInt | null;
  parent: LightPath | null;
  child: Filter | null;
}

/** `::omero::model::LightSettings` */
export interface LightSettings extends IObject {
  iceId: "::omero::model::LightSettings";
  version: RInt | null;
  attenuation: RDouble | null;
  wavelength: Length | null;
  lightSource: LightSource | null;
  microbeamManipulation: MicrobeamManipulation | null;
}

/** `::omero::model::LightSource` */
export interface LightSource extends IObject {
  version: RInt | null;
  manufacturer: RString | null;
  model: RString | null;
  power: Power | null;
  lotNumber: RString | null;
  serialNumber: RString | null;
  instrument: Instrument | null;
  annotationLinksSeq: readonly (LightSourceAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::LightSourceAnnotationLink` */
export interface LightSourceAnnotationLink extends IObject {
  iceId: "::omero::model::LightSourceAnnotationLink";
  version: RInt | null;
  parent: LightSource | null;
  child: Annotation | null;
}

/** `::omero::model::Line` */
export interface Line extends Shape {
  iceId: "::omero::model::Line";
  x1: RDouble | null;
  y1: RDouble | null;
  x2: RDouble | null;
  y2: RDouble | null;
  markerStart: RString | null;
  markerEnd: RString | null;
  textValue: RString | null;
}

/** `::omero::model::Link` */
export interface Link extends IObject {
  iceId: "::omero::model::Link";
  version: RInt | null;
}

/** `::omero::model::ListAnnotation` */
export interface ListAnnotation extends Annotation {
  iceId: "::omero::model::ListAnnotation";
}

/** `::omero::model::LogicalChannel` */
export interface LogicalChannel extends IObject {
  iceId: "::omero::model::LogicalChannel";
  version: RInt | null;
  name: RString | null;
  pinHoleSize: Length | null;
  illumination: Illumination | null;
  contrastMethod: ContrastMethod | null;
  excitationWave: Length | null;
  emissionWave: Length | null;
  fluor: RString | null;
  ndFilter: RDouble | null;
  otf: OTF | null;
  detectorSettings: DetectorSettings | null;
  lightSourceSettings: LightSettings | null;
  filterSet: FilterSet | null;
  samplesPerPixel: RInt | null;
  photometricInterpretation: PhotometricInterpretation | null;
  mode: AcquisitionMode | null;
  pockelCellSetting: RInt | null;
  channelsSeq: readonly (Channel | null)[];
  channelsLoaded: boolean;
  lightPath: LightPath | null;
}

/** `::omero::model::LongAnnotation` */
export interface LongAnnotation extends NumericAnnotation {
  iceId: "::omero::model::LongAnnotation";
  longValue: RLong | null;
}

/** `::omero::model::MapAnnotation` */
export interface MapAnnotation extends Annotation {
  iceId: "::omero::model::MapAnnotation";
  mapValue: readonly (NamedValue | null)[];
}

/** `::omero::model::Mask` */
export interface Mask extends Shape {
  iceId: "::omero::model::Mask";
  x: RDouble | null;
  y: RDouble | null;
  width: RDouble | null;
  height: RDouble | null;
  pixels: Pixels | null;
  textValue: RString | null;
  bytes: Uint8Array;
}

/** `::omero::model::Medium` */
export interface Medium extends IObject {
  iceId: "::omero::model::Medium";
  value: RString | null;
}

/** `::omero::model::MetadataImportJob` */
export interface MetadataImportJob extends Job {
  iceId: "::omero::model::MetadataImportJob";
  versionInfo: readonly (NamedValue | null)[];
}

/** `::omero::model::MicrobeamManipulation` */
export interface MicrobeamManipulation extends IObject {
  iceId: "::omero::model::MicrobeamManipulation";
  version: RInt | null;
  type: MicrobeamManipulationType | null;
  lightSourceSettingsSeq: readonly (LightSettings | null)[];
  lightSourceSettingsLoaded: boolean;
  experiment: Experiment | null;
  description: RString | null;
}

/** `::omero::model::MicrobeamManipulationType` */
export interface MicrobeamManipulationType extends IObject {
  iceId: "::omero::model::MicrobeamManipulationType";
  value: RString | null;
}

/** `::omero::model::Microscope` */
export interface Microscope extends IObject {
  iceId: "::omero::model::Microscope";
  version: RInt | null;
  manufacturer: RString | null;
  model: RString | null;
  lotNumber: RString | null;
  serialNumber: RString | null;
  type: MicroscopeType | null;
}

/** `::omero::model::MicroscopeType` */
export interface MicroscopeType extends IObject {
  iceId: "::omero::model::MicroscopeType";
  value: RString | null;
}

/** `::omero::model::NamedValue` */
export interface NamedValue {
  iceId: "::omero::model::NamedValue";
  name: string;
  value: string;
}

/** `::omero::model::Namespace` */
export interface Namespace extends IObject {
  iceId: "::omero::model::Namespace";
  version: RInt | null;
  keywords: readonly string[];
  multivalued: RBool | null;
  display: RBool | null;
  displayName: RString | null;
  annotationLinksSeq: readonly (NamespaceAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
  description: RString | null;
}

/** `::omero::model::NamespaceAnnotationLink` */
export interface NamespaceAnnotationLink extends IObject {
  iceId: "::omero::model::NamespaceAnnotationLink";
  version: RInt | null;
  parent: Namespace | null;
  child: Annotation | null;
}

/** `::omero::model::Node` */
export interface Node extends IObject {
  iceId: "::omero::model::Node";
  version: RInt | null;
  sessionsSeq: readonly (Session | null)[];
  sessionsLoaded: boolean;
  uuid: RString | null;
  conn: RString | null;
  up: RTime | null;
  down: RTime | null;
  scale: RInt | null;
  annotationLinksSeq: readonly (NodeAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::NodeAnnotationLink` */
export interface NodeAnnotationLink extends IObject {
  iceId: "::omero::model::NodeAnnotationLink";
  version: RInt | null;
  parent: Node | null;
  child: Annotation | null;
}

/** `::omero::model::NumericAnnotation` */
export interface NumericAnnotation extends BasicAnnotation {}

/** `::omero::model::OTF` */
export interface OTF extends IObject {
  iceId: "::omero::model::OTF";
  version: RInt | null;
  sizeX: RInt | null;
  sizeY: RInt | null;
  opticalAxisAveraged: RBool | null;
  pixelsType: PixelsType | null;
  path: RString | null;
  filterSet: FilterSet | null;
  objective: Objective | null;
  instrument: Instrument | null;
}

/** `::omero::model::Objective` */
export interface Objective extends IObject {
  iceId: "::omero::model::Objective";
  version: RInt | null;
  manufacturer: RString | null;
  model: RString | null;
  lotNumber: RString | null;
  serialNumber: RString | null;
  nominalMagnification: RDouble | null;
  calibratedMagnification: RDouble | null;
  lensNA: RDouble | null;
  immersion: Immersion | null;
  correction: Correction | null;
  workingDistance: Length | null;
  iris: RBool | null;
  instrument: Instrument | null;
  annotationLinksSeq: readonly (ObjectiveAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::ObjectiveAnnotationLink` */
export interface ObjectiveAnnotationLink extends IObject {
  iceId: "::omero::model::ObjectiveAnnotationLink";
  version: RInt | null;
  parent: Objective | null;
  child: Annotation | null;
}

/** `::omero::model::ObjectiveSettings` */
export interface ObjectiveSettings extends IObject {
  iceId: "::omero::model::ObjectiveSettings";
  version: RInt | null;
  correctionCollar: RDouble | null;
  medium: Medium | null;
  refractiveIndex: RDouble | null;
  objective: Objective | null;
}

/** `::omero::model::OriginalFile` */
export interface OriginalFile extends IObject {
  iceId: "::omero::model::OriginalFile";
  version: RInt | null;
  pixelsFileMapsSeq: readonly (PixelsOriginalFileMap | null)[];
  pixelsFileMapsLoaded: boolean;
  pixelsFileMapsCountPerOwner: ReadonlyMap<bigint, bigint>;
  path: RString | null;
  repo: RString | null;
  size: RLong | null;
  atime: RTime | null;
  mtime: RTime | null;
  ctime: RTime | null;
  hasher: ChecksumAlgorithm | null;
  hash: RString | null;
  mimetype: RString | null;
  filesetEntriesSeq: readonly (FilesetEntry | null)[];
  filesetEntriesLoaded: boolean;
  annotationLinksSeq: readonly (OriginalFileAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
}

/** `::omero::model::OriginalFileAnnotationLink` */
export interface OriginalFileAnnotationLink extends IObject {
  iceId: "::omero::model::OriginalFileAnnotationLink";
  version: RInt | null;
  parent: OriginalFile | null;
  child: Annotation | null;
}

/** `::omero::model::ParseJob` */
export interface ParseJob extends Job {
  iceId: "::omero::model::ParseJob";
  params: Uint8Array;
}

/** `::omero::model::Path` */
export interface Path extends Shape {
  iceId: "::omero::model::Path";
  d: RString | null;
  textValue: RString | null;
}

/** `::omero::model::Permissions` */
export interface Permissions {
  iceId: "::omero::model::Permissions";
  restrictions: readonly boolean[];
  extendedRestrictions: readonly string[];
  perm1: bigint;
}

/** `::omero::model::PhotometricInterpretation` */
export interface PhotometricInterpretation extends IObject {
  iceId: "::omero::model::PhotometricInterpretation";
  value: RString | null;
}

/** `::omero::model::PixelDataJob` */
export interface PixelDataJob extends Job {
  iceId: "::omero::model::PixelDataJob";
}

/** `::omero::model::Pixels` */
export interface Pixels extends IObject {
  iceId: "::omero::model::Pixels";
  version: RInt | null;
  image: Image | null;
  relatedTo: Pixels | null;
  pixelsType: PixelsType | null;
  significantBits: RInt | null;
  sizeX: RInt | null;
  sizeY: RInt | null;
  sizeZ: RInt | null;
  sizeC: RInt | null;
  sizeT: RInt | null;
  sha1: RString | null;
  dimensionOrder: DimensionOrder | null;
  physicalSizeX: Length | null;
  physicalSizeY: Length | null;
  physicalSizeZ: Length | null;
  waveStart: RInt | null;
  waveIncrement: RInt | null;
  timeIncrement: Time | null;
  methodology: RString | null;
  planeInfoSeq: readonly (PlaneInfo | null)[];
  planeInfoLoaded: boolean;
  pixelsFileMapsSeq: readonly (PixelsOriginalFileMap | null)[];
  pixelsFileMapsLoaded: boolean;
  pixelsFileMapsCountPerOwner: ReadonlyMap<bigint, bigint>;
  channelsSeq: readonly (Channel | null)[];
  channelsLoaded: boolean;
  settingsSeq: readonly (RenderingDef | null)[];
  settingsLoaded: boolean;
  thumbnailsSeq: readonly (Thumbnail | null)[];
  thumbnailsLoaded: boolean;
}

/** `::omero::model::PixelsOriginalFileMap` */
export interface PixelsOriginalFileMap extends IObject {
  iceId: "::omero::model::PixelsOriginalFileMap";
  version: RInt | null;
  parent: OriginalFile | null;
  child: Pixels | null;
}

/** `::omero::model::PixelsType` */
export interface PixelsType extends IObject {
  iceId: "::omero::model::PixelsType";
  value: RString | null;
  bitSize: RInt | null;
}

/** `::omero::model::PlaneInfo` */
export interface PlaneInfo extends IObject {
  iceId: "::omero::model::PlaneInfo";
  version: RInt | null;
  pixels: Pixels | null;
  theZ: RInt | null;
  theC: RInt | null;
  theT: RInt | null;
  deltaT: Time | null;
  positionX: Length | null;
  positionY: Length | null;
  positionZ: Length | null;
  exposureTime: Time | null;
  annotationLinksSeq: readonly (PlaneInfoAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::PlaneInfoAnnotationLink` */
export interface PlaneInfoAnnotationLink extends IObject {
  iceId: "::omero::model::PlaneInfoAnnotationLink";
  version: RInt | null;
  parent: PlaneInfo | null;
  child: Annotation | null;
}

/** `::omero::model::PlaneSlicingContext` */
export interface PlaneSlicingContext extends CodomainMapContext {
  iceId: "::omero::model::PlaneSlicingContext";
  upperLimit: RInt | null;
  lowerLimit: RInt | null;
  planeSelected: RInt | null;
  planePrevious: RInt | null;
  constant: RBool | null;
}

/** `::omero::model::Plate` */
export interface Plate extends IObject {
  iceId: "::omero::model::Plate";
  version: RInt | null;
  defaultSample: RInt | null;
  columnNamingConvention: RString | null;
  rowNamingConvention: RString | null;
  wellOriginX: Length | null;
  wellOriginY: Length | null;
  rows: RInt | null;
  columns: RInt | null;
  status: RString | null;
  externalIdentifier: RString | null;
  screenLinksSeq: readonly (ScreenPlateLink | null)[];
  screenLinksLoaded: boolean;
  screenLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  wellsSeq: readonly (Well | null)[];
  wellsLoaded: boolean;
  plateAcquisitionsSeq: readonly (PlateAcquisition | null)[];
  plateAcquisitionsLoaded: boolean;
  annotationLinksSeq: readonly (PlateAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
  description: RString | null;
}

/** `::omero::model::PlateAcquisition` */
export interface PlateAcquisition extends IObject {
  iceId: "::omero::model::PlateAcquisition";
  version: RInt | null;
  name: RString | null;
  startTime: RTime | null;
  endTime: RTime | null;
  maximumFieldCount: RInt | null;
  plate: Plate | null;
  wellSampleSeq: readonly (WellSample | null)[];
  wellSampleLoaded: boolean;
  annotationLinksSeq: readonly (PlateAcquisitionAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  description: RString | null;
}

/** `::omero::model::PlateAcquisitionAnnotationLink` */
export interface PlateAcquisitionAnnotationLink extends IObject {
  iceId: "::omero::model::PlateAcquisitionAnnotationLink";
  version: RInt | null;
  parent: PlateAcquisition | null;
  child: Annotation | null;
}

/** `::omero::model::PlateAnnotationLink` */
export interface PlateAnnotationLink extends IObject {
  iceId: "::omero::model::PlateAnnotationLink";
  version: RInt | null;
  parent: Plate | null;
  child: Annotation | null;
}

/** `::omero::model::Point` */
export interface Point extends Shape {
  iceId: "::omero::model::Point";
  x: RDouble | null;
  y: RDouble | null;
  textValue: RString | null;
}

/** `::omero::model::Polygon` */
export interface Polygon extends Shape {
  iceId: "::omero::model::Polygon";
  points: RString | null;
  textValue: RString | null;
}

/** `::omero::model::Polyline` */
export interface Polyline extends Shape {
  iceId: "::omero::model::Polyline";
  points: RString | null;
  markerStart: RString | null;
  markerEnd: RString | null;
  textValue: RString | null;
}

/** `::omero::model::Power` */
export interface Power {
  iceId: "::omero::model::Power";
  value: number;
  unit: UnitsPower;
}

/** `::omero::model::Pressure` */
export interface Pressure {
  iceId: "::omero::model::Pressure";
  value: number;
  unit: UnitsPressure;
}

/** `::omero::model::Project` */
export interface Project extends IObject {
  iceId: "::omero::model::Project";
  version: RInt | null;
  datasetLinksSeq: readonly (ProjectDatasetLink | null)[];
  datasetLinksLoaded: boolean;
  datasetLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  annotationLinksSeq: readonly (ProjectAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
  description: RString | null;
}

/** `::omero::model::ProjectAnnotationLink` */
export interface ProjectAnnotationLink extends IObject {
  iceId: "::omero::model::ProjectAnnotationLink";
  version: RInt | null;
  parent: Project | null;
  child: Annotation | null;
}

/** `::omero::model::ProjectDatasetLink` */
export interface ProjectDatasetLink extends IObject {
  iceId: "::omero::model::ProjectDatasetLink";
  version: RInt | null;
  parent: Project | null;
  child: Dataset | null;
}

/** `::omero::model::ProjectionAxis` */
export interface ProjectionAxis extends IObject {
  iceId: "::omero::model::ProjectionAxis";
  value: RString | null;
}

/** `::omero::model::ProjectionDef` */
export interface ProjectionDef extends IObject {
  iceId: "::omero::model::ProjectionDef";
  version: RInt | null;
  renderingDef: RenderingDef | null;
  axis: ProjectionAxis | null;
  type: ProjectionType | null;
  active: RBool | null;
  startPlane: RInt | null;
  endPlane: RInt | null;
  stepping: RInt | null;
}

/** `::omero::model::ProjectionType` */
export interface ProjectionType extends IObject {
  iceId: "::omero::model::ProjectionType";
  value: RString | null;
}

/** `::omero::model::Pulse` */
export interface Pulse extends IObject {
  iceId: "::omero::model::Pulse";
  value: RString | null;
}

/** `::omero::model::QuantumDef` */
export interface QuantumDef extends IObject {
  iceId: "::omero::model::QuantumDef";
  version: RInt | null;
  cdStart: RInt | null;
  cdEnd: RInt | null;
  bitResolution: RInt | null;
}

/** `::omero::model::Reagent` */
export interface Reagent extends IObject {
  iceId: "::omero::model::Reagent";
  version: RInt | null;
  name: RString | null;
  reagentIdentifier: RString | null;
  screen: Screen | null;
  wellLinksSeq: readonly (WellReagentLink | null)[];
  wellLinksLoaded: boolean;
  wellLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  annotationLinksSeq: readonly (ReagentAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  description: RString | null;
}

/** `::omero::model::ReagentAnnotationLink` */
export interface ReagentAnnotationLink extends IObject {
  iceId: "::omero::model::ReagentAnnotationLink";
  version: RInt | null;
  parent: Reagent | null;
  child: Annotation | null;
}

/** `::omero::model::Rectangle` */
export interface Rectangle extends Shape {
  iceId: "::omero::model::Rectangle";
  x: RDouble | null;
  y: RDouble | null;
  width: RDouble | null;
  height: RDouble | null;
  textValue: RString | null;
}

/** `::omero::model::RenderingDef` */
export interface RenderingDef extends IObject {
  iceId: "::omero::model::RenderingDef";
  version: RInt | null;
  pixels: Pixels | null;
  defaultZ: RInt | null;
  defaultT: RInt | null;
  model: RenderingModel | null;
  waveRenderingSeq: readonly (ChannelBinding | null)[];
  waveRenderingLoaded: boolean;
  name: RString | null;
  compression: RDouble | null;
  quantization: QuantumDef | null;
  projectionsSeq: readonly (ProjectionDef | null)[];
  projectionsLoaded: boolean;
}

/** `::omero::model::RenderingModel` */
export interface RenderingModel extends IObject {
  iceId: "::omero::model::RenderingModel";
  value: RString | null;
}

/** `::omero::model::ReverseIntensityContext` */
export interface ReverseIntensityContext extends CodomainMapContext {
  iceId: "::omero::model::ReverseIntensityContext";
  reverse: RBool | null;
}

/** `::omero::model::Roi` */
export interface Roi extends IObject {
  iceId: "::omero::model::Roi";
  version: RInt | null;
  name: RString | null;
  shapesSeq: readonly (Shape | null)[];
  shapesLoaded: boolean;
  image: Image | null;
  source: OriginalFile | null;
  folderLinksSeq: readonly (FolderRoiLink | null)[];
  folderLinksLoaded: boolean;
  folderLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  annotationLinksSeq: readonly (RoiAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  description: RString | null;
}

/** `::omero::model::RoiAnnotationLink` */
export interface RoiAnnotationLink extends IObject {
  iceId: "::omero::model::RoiAnnotationLink";
  version: RInt | null;
  parent: Roi | null;
  child: Annotation | null;
}

/** `::omero::model::Screen` */
export interface Screen extends IObject {
  iceId: "::omero::model::Screen";
  version: RInt | null;
  type: RString | null;
  protocolIdentifier: RString | null;
  protocolDescription: RString | null;
  reagentSetIdentifier: RString | null;
  reagentSetDescription: RString | null;
  plateLinksSeq: readonly (ScreenPlateLink | null)[];
  plateLinksLoaded: boolean;
  plateLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  reagentsSeq: readonly (Reagent | null)[];
  reagentsLoaded: boolean;
  annotationLinksSeq: readonly (ScreenAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  name: RString | null;
  description: RString | null;
}

/** `::omero::model::ScreenAnnotationLink` */
export interface ScreenAnnotationLink extends IObject {
  iceId: "::omero::model::ScreenAnnotationLink";
  version: RInt | null;
  parent: Screen | null;
  child: Annotation | null;
}

/** `::omero::model::ScreenPlateLink` */
export interface ScreenPlateLink extends IObject {
  iceId: "::omero::model::ScreenPlateLink";
  version: RInt | null;
  parent: Screen | null;
  child: Plate | null;
}

/** `::omero::model::ScriptJob` */
export interface ScriptJob extends Job {
  iceId: "::omero::model::ScriptJob";
  description: RString | null;
}

/** `::omero::model::Session` */
export interface Session extends IObject {
  version: RInt | null;
  node: Node | null;
  uuid: RString | null;
  owner: Experimenter | null;
  sudoer: Experimenter | null;
  timeToIdle: RLong | null;
  timeToLive: RLong | null;
  started: RTime | null;
  closed: RTime | null;
  message: RString | null;
  defaultEventType: RString | null;
  userAgent: RString | null;
  userIP: RString | null;
  eventsSeq: readonly (Event | null)[];
  eventsLoaded: boolean;
  annotationLinksSeq: readonly (SessionAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::SessionAnnotationLink` */
export interface SessionAnnotationLink extends IObject {
  iceId: "::omero::model::SessionAnnotationLink";
  version: RInt | null;
  parent: Session | null;
  child: Annotation | null;
}

/** `::omero::model::Shape` */
export interface Shape extends IObject {
  version: RInt | null;
  theZ: RInt | null;
  theT: RInt | null;
  theC: RInt | null;
  roi: Roi | null;
  locked: RBool | null;
  transform: AffineTransform | null;
  fillColor: RInt | null;
  fillRule: RString | null;
  strokeColor: RInt | null;
  strokeDashArray: RString | null;
  strokeWidth: Length | null;
  fontFamily: RString | null;
  fontSize: Length | null;
  fontStyle: RString | null;
  annotationLinksSeq: readonly (ShapeAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::ShapeAnnotationLink` */
export interface ShapeAnnotationLink extends IObject {
  iceId: "::omero::model::ShapeAnnotationLink";
  version: RInt | null;
  parent: Shape | null;
  child: Annotation | null;
}

/** `::omero::model::Share` */
export interface Share extends Session {
  iceId: "::omero::model::Share";
  group: ExperimenterGroup | null;
  itemCount: RLong | null;
  active: RBool | null;
  data: Uint8Array;
}

/** `::omero::model::ShareMember` */
export interface ShareMember extends IObject {
  iceId: "::omero::model::ShareMember";
  version: RInt | null;
  parent: Share | null;
  child: Experimenter | null;
}

/** `::omero::model::StageLabel` */
export interface StageLabel extends IObject {
  iceId: "::omero::model::StageLabel";
  version: RInt | null;
  positionX: Length | null;
  positionY: Length | null;
  positionZ: Length | null;
  name: RString | null;
}

/** `::omero::model::StatsInfo` */
export interface StatsInfo extends IObject {
  iceId: "::omero::model::StatsInfo";
  version: RInt | null;
  globalMin: RDouble | null;
  globalMax: RDouble | null;
}

/** `::omero::model::TagAnnotation` */
export interface TagAnnotation extends TextAnnotation {
  iceId: "::omero::model::TagAnnotation";
}

/** `::omero::model::Temperature` */
export interface Temperature {
  iceId: "::omero::model::Temperature";
  value: number;
  unit: UnitsTemperature;
}

/** `::omero::model::TermAnnotation` */
export interface TermAnnotation extends BasicAnnotation {
  iceId: "::omero::model::TermAnnotation";
  termValue: RString | null;
}

/** `::omero::model::TextAnnotation` */
export interface TextAnnotation extends Annotation {
  textValue: RString | null;
}

/** `::omero::model::Thumbnail` */
export interface Thumbnail extends IObject {
  iceId: "::omero::model::Thumbnail";
  version: RInt | null;
  pixels: Pixels | null;
  mimeType: RString | null;
  sizeX: RInt | null;
  sizeY: RInt | null;
  ref: RString | null;
}

/** `::omero::model::ThumbnailGenerationJob` */
export interface ThumbnailGenerationJob extends Job {
  iceId: "::omero::model::ThumbnailGenerationJob";
}

/** `::omero::model::Time` */
export interface Time {
  iceId: "::omero::model::Time";
  value: number;
  unit: UnitsTime;
}

/** `::omero::model::TimestampAnnotation` */
export interface TimestampAnnotation extends BasicAnnotation {
  iceId: "::omero::model::TimestampAnnotation";
  timeValue: RTime | null;
}

/** `::omero::model::TransmittanceRange` */
export interface TransmittanceRange extends IObject {
  iceId: "::omero::model::TransmittanceRange";
  version: RInt | null;
  cutIn: Length | null;
  cutOut: Length | null;
  cutInTolerance: Length | null;
  cutOutTolerance: Length | null;
  transmittance: RDouble | null;
}

/** `::omero::model::TypeAnnotation` */
export interface TypeAnnotation extends Annotation {}

/** `::omero::model::UploadJob` */
export interface UploadJob extends Job {
  iceId: "::omero::model::UploadJob";
  versionInfo: readonly (NamedValue | null)[];
}

/** `::omero::model::Well` */
export interface Well extends IObject {
  iceId: "::omero::model::Well";
  version: RInt | null;
  status: RString | null;
  column: RInt | null;
  row: RInt | null;
  red: RInt | null;
  green: RInt | null;
  blue: RInt | null;
  alpha: RInt | null;
  reagentLinksSeq: readonly (WellReagentLink | null)[];
  reagentLinksLoaded: boolean;
  reagentLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
  externalDescription: RString | null;
  externalIdentifier: RString | null;
  type: RString | null;
  wellSamplesSeq: readonly (WellSample | null)[];
  wellSamplesLoaded: boolean;
  plate: Plate | null;
  annotationLinksSeq: readonly (WellAnnotationLink | null)[];
  annotationLinksLoaded: boolean;
  annotationLinksCountPerOwner: ReadonlyMap<bigint, bigint>;
}

/** `::omero::model::WellAnnotationLink` */
export interface WellAnnotationLink extends IObject {
  iceId: "::omero::model::WellAnnotationLink";
  version: RInt | null;
  parent: Well | null;
  child: Annotation | null;
}

/** `::omero::model::WellReagentLink` */
export interface WellReagentLink extends IObject {
  iceId: "::omero::model::WellReagentLink";
  version: RInt | null;
  parent: Well | null;
  child: Reagent | null;
}

/** `::omero::model::WellSample` */
export interface WellSample extends IObject {
  iceId: "::omero::model::WellSample";
  version: RInt | null;
  posX: Length | null;
  posY: Length | null;
  timepoint: RTime | null;
  plateAcquisition: PlateAcquisition | null;
  well: Well | null;
  image: Image | null;
}

/** `::omero::model::XmlAnnotation` */
export interface XmlAnnotation extends TextAnnotation {
  iceId: "::omero::model::XmlAnnotation";
}

/** `::omero::romio::CodomainMapContext` */
export interface RomioCodomainMapContext {
  iceId: string;
}

/** `::omero::romio::PlaneDef` */
export interface PlaneDef {
  iceId: string;
  slice: number;
  x: number;
  y: number;
  z: number;
  t: number;
  region: RegionDef | null;
  stride: number;
}

/** `::omero::romio::PlaneDefWithMasks` */
export interface PlaneDefWithMasks extends PlaneDef {
  iceId: "::omero::romio::PlaneDefWithMasks";
  shapeIds: BigInt64Array;
}

/** `::omero::romio::RGBBuffer` */
export interface RGBBuffer {
  iceId: "::omero::romio::RGBBuffer";
  bands: readonly Uint8Array[];
  sizeX1: number;
  sizeX2: number;
}

/** `::omero::romio::RegionDef` */
export interface RegionDef {
  iceId: "::omero::romio::RegionDef";
  x: number;
  y: number;
  width: number;
  height: number;
}

/** `::omero::romio::ReverseIntensityMapContext` */
export interface ReverseIntensityMapContext extends RomioCodomainMapContext {
  iceId: "::omero::romio::ReverseIntensityMapContext";
}

/** `::omero::sys::EventContext` */
export interface EventContext {
  iceId: "::omero::sys::EventContext";
  shareId: bigint;
  sessionId: bigint;
  sessionUuid: string;
  userId: bigint;
  userName: string;
  sudoerId: RLong | null;
  sudoerName: RString | null;
  groupId: bigint;
  groupName: string;
  isAdmin: boolean;
  adminPrivileges: readonly string[];
  eventId: bigint;
  eventType: string;
  memberOfGroups: BigInt64Array;
  leaderOfGroups: BigInt64Array;
  groupPermissions: Permissions | null;
}

/** `::omero::sys::Filter` */
export interface SysFilter {
  iceId: "::omero::sys::Filter";
  unique: RBool | null;
  ownerId: RLong | null;
  groupId: RLong | null;
  offset: RInt | null;
  limit: RInt | null;
  startTime: RTime | null;
  endTime: RTime | null;
}

/** `::omero::sys::Options` */
export interface Options {
  iceId: "::omero::sys::Options";
  leaves: RBool | null;
  orphan: RBool | null;
  acquisitionData: RBool | null;
  cacheable: RBool | null;
}

/** `::omero::sys::Parameters` */
export interface Parameters {
  iceId: "::omero::sys::Parameters";
  map: ReadonlyMap<string, RType | null>;
  theFilter: SysFilter | null;
  theOptions: Options | null;
}

/** `::omero::sys::Principal` */
export interface Principal {
  iceId: "::omero::sys::Principal";
  name: string;
  group: string;
  eventType: string;
  umask: Permissions | null;
}

/** `::omero::sys::Roles` */
export interface Roles {
  iceId: "::omero::sys::Roles";
  rootId: bigint;
  rootName: string;
  systemGroupId: bigint;
  systemGroupName: string;
  userGroupId: bigint;
  userGroupName: string;
  guestId: bigint;
  guestName: string;
  guestGroupId: bigint;
  guestGroupName: string;
}

/** `::Glacier2::IdentitySet` */
export interface IdentitySet extends IceObject {
  /** Idempotent. */
  add(additions: readonly Identity[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  remove(deletions: readonly Identity[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  get(callOptions?: CallOptions): Promise<readonly Identity[]>;
}

/** `::Glacier2::PermissionsVerifier` */
export interface PermissionsVerifier extends IceObject {
  /** Idempotent. Throws PermissionDeniedException. */
  checkPermissions(userId: string, password: string, callOptions?: CallOptions): Promise<[boolean, string]>;
}

/** `::Glacier2::Router` */
export interface Router extends IceRouter {
  /** Idempotent. */
  getCategoryForClient(callOptions?: CallOptions): Promise<string>;
  /** Throws PermissionDeniedException, CannotCreateSessionException. */
  createSession(userId: string, password: string, callOptions?: CallOptions): Promise<ProxyOf<"::Glacier2::Session"> | null>;
  /** Throws PermissionDeniedException, CannotCreateSessionException. */
  createSessionFromSecureConnection(callOptions?: CallOptions): Promise<ProxyOf<"::Glacier2::Session"> | null>;
  /** Throws SessionNotExistException. */
  refreshSession(callOptions?: CallOptions): Promise<void>;
  /** Throws SessionNotExistException. */
  destroySession(callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getSessionTimeout(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getACMTimeout(callOptions?: CallOptions): Promise<number>;
}

/** `::Glacier2::SSLPermissionsVerifier` */
export interface SSLPermissionsVerifier extends IceObject {
  /** Idempotent. Throws PermissionDeniedException. */
  authorize(info: SSLInfo, callOptions?: CallOptions): Promise<[boolean, string]>;
}

/** `::Glacier2::SSLSessionManager` */
export interface SSLSessionManager extends IceObject {
  /** Throws CannotCreateSessionException. */
  create(info: SSLInfo, control: ProxyOf<"::Glacier2::SessionControl"> | null, callOptions?: CallOptions): Promise<ProxyOf<"::Glacier2::Session"> | null>;
}

/** `::Glacier2::Session` */
export interface Glacier2Session extends IceObject {
  destroy(callOptions?: CallOptions): Promise<void>;
}

/** `::Glacier2::SessionControl` */
export interface SessionControl extends IceObject {
  categories(callOptions?: CallOptions): Promise<ProxyOf<"::Glacier2::StringSet"> | null>;
  adapterIds(callOptions?: CallOptions): Promise<ProxyOf<"::Glacier2::StringSet"> | null>;
  identities(callOptions?: CallOptions): Promise<ProxyOf<"::Glacier2::IdentitySet"> | null>;
  /** Idempotent. */
  getSessionTimeout(callOptions?: CallOptions): Promise<number>;
  destroy(callOptions?: CallOptions): Promise<void>;
}

/** `::Glacier2::SessionManager` */
export interface SessionManager extends IceObject {
  /** Throws CannotCreateSessionException. */
  create(userId: string, control: ProxyOf<"::Glacier2::SessionControl"> | null, callOptions?: CallOptions): Promise<ProxyOf<"::Glacier2::Session"> | null>;
}

/** `::Glacier2::StringSet` */
export interface StringSet extends IceObject {
  /** Idempotent. */
  add(additions: readonly string[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  remove(deletions: readonly string[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  get(callOptions?: CallOptions): Promise<readonly string[]>;
}

/** `::Ice::Object` */
export interface IceObject {
  /** Idempotent. */
  ice_isA(id: string, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  ice_ping(callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  ice_ids(callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. */
  ice_id(callOptions?: CallOptions): Promise<string>;
}

/** `::Ice::Router` */
export interface IceRouter extends IceObject {
  /** Idempotent. */
  getClientProxy(callOptions?: CallOptions): Promise<ProxyOf<"::Ice::Object"> | null>;
  /** Idempotent. */
  getServerProxy(callOptions?: CallOptions): Promise<ProxyOf<"::Ice::Object"> | null>;
  /** Idempotent. */
  addProxies(proxies: readonly (ProxyOf<"::Ice::Object"> | null)[], callOptions?: CallOptions): Promise<readonly (ProxyOf<"::Ice::Object"> | null)[]>;
}

/** `::omero::api::ClientCallback` */
export interface ClientCallback extends IceObject {
  requestHeartbeat(callOptions?: CallOptions): Promise<void>;
  sessionClosed(callOptions?: CallOptions): Promise<void>;
  shutdownIn(milliseconds: bigint | number, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::Exporter` */
export interface Exporter extends StatefulServiceInterface {
  addImage(id: bigint | number, callOptions?: CallOptions): Promise<void>;
  generateXml(callOptions?: CallOptions): Promise<bigint>;
  generateTiff(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  read(position: bigint | number, length: number, callOptions?: CallOptions): Promise<Uint8Array>;
}

/** `::omero::api::IAdmin` */
export interface IAdmin extends ServiceInterface {
  /** Idempotent. */
  canUpdate(obj: IObject | null, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  getExperimenter(id: bigint | number, callOptions?: CallOptions): Promise<Experimenter | null>;
  /** Idempotent. */
  lookupExperimenter(name: string, callOptions?: CallOptions): Promise<Experimenter | null>;
  /** Idempotent. */
  lookupExperimenters(callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  /** Idempotent. */
  getGroup(id: bigint | number, callOptions?: CallOptions): Promise<ExperimenterGroup | null>;
  /** Idempotent. */
  lookupGroup(name: string, callOptions?: CallOptions): Promise<ExperimenterGroup | null>;
  /** Idempotent. */
  lookupGroups(callOptions?: CallOptions): Promise<readonly (ExperimenterGroup | null)[]>;
  /** Idempotent. */
  containedExperimenters(groupId: bigint | number, callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  /** Idempotent. */
  containedGroups(experimenterId: bigint | number, callOptions?: CallOptions): Promise<readonly (ExperimenterGroup | null)[]>;
  /** Idempotent. */
  getDefaultGroup(experimenterId: bigint | number, callOptions?: CallOptions): Promise<ExperimenterGroup | null>;
  /** Idempotent. */
  lookupLdapAuthExperimenter(id: bigint | number, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  lookupLdapAuthExperimenters(callOptions?: CallOptions): Promise<RList | null>;
  /** Idempotent. */
  getMemberOfGroupIds(exp: Experimenter | null, callOptions?: CallOptions): Promise<BigInt64Array>;
  /** Idempotent. */
  getLeaderOfGroupIds(exp: Experimenter | null, callOptions?: CallOptions): Promise<BigInt64Array>;
  /** Idempotent. */
  getCurrentAdminPrivileges(callOptions?: CallOptions): Promise<readonly (AdminPrivilege | null)[]>;
  /** Idempotent. */
  getAdminPrivileges(user: Experimenter | null, callOptions?: CallOptions): Promise<readonly (AdminPrivilege | null)[]>;
  /** Idempotent. */
  getAdminsWithPrivileges(privileges: readonly (AdminPrivilege | null)[], callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  updateSelf(experimenter: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  uploadMyUserPhoto(filename: string, format: string, data: Uint8Array | readonly number[], callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getMyUserPhotos(callOptions?: CallOptions): Promise<readonly (OriginalFile | null)[]>;
  updateExperimenter(experimenter: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  updateExperimenterWithPassword(experimenter: Experimenter | null, password: RString | null, callOptions?: CallOptions): Promise<void>;
  updateGroup(group: ExperimenterGroup | null, callOptions?: CallOptions): Promise<void>;
  createUser(experimenter: Experimenter | null, group: string, callOptions?: CallOptions): Promise<bigint>;
  createSystemUser(experimenter: Experimenter | null, callOptions?: CallOptions): Promise<bigint>;
  createRestrictedSystemUser(experimenter: Experimenter | null, privileges: readonly (AdminPrivilege | null)[], callOptions?: CallOptions): Promise<bigint>;
  createRestrictedSystemUserWithPassword(experimenter: Experimenter | null, privileges: readonly (AdminPrivilege | null)[], password: RString | null, callOptions?: CallOptions): Promise<bigint>;
  createExperimenter(user: Experimenter | null, defaultGroup: ExperimenterGroup | null, groups: readonly (ExperimenterGroup | null)[], callOptions?: CallOptions): Promise<bigint>;
  createExperimenterWithPassword(user: Experimenter | null, password: RString | null, defaultGroup: ExperimenterGroup | null, groups: readonly (ExperimenterGroup | null)[], callOptions?: CallOptions): Promise<bigint>;
  createGroup(group: ExperimenterGroup | null, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  addGroups(user: Experimenter | null, groups: readonly (ExperimenterGroup | null)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  removeGroups(user: Experimenter | null, groups: readonly (ExperimenterGroup | null)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setDefaultGroup(user: Experimenter | null, group: ExperimenterGroup | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setGroupOwner(group: ExperimenterGroup | null, owner: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  unsetGroupOwner(group: ExperimenterGroup | null, owner: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  addGroupOwners(group: ExperimenterGroup | null, owners: readonly (Experimenter | null)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  removeGroupOwners(group: ExperimenterGroup | null, owners: readonly (Experimenter | null)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  deleteExperimenter(user: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  deleteGroup(group: ExperimenterGroup | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  changeOwner(obj: IObject | null, omeName: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  changeGroup(obj: IObject | null, omeName: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  changePermissions(obj: IObject | null, perms: Permissions | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  moveToCommonSpace(objects: readonly (IObject | null)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setAdminPrivileges(user: Experimenter | null, privileges: readonly (AdminPrivilege | null)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  changePassword(newPassword: RString | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  changePasswordWithOldPassword(oldPassword: RString | null, newPassword: RString | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  changeUserPassword(omeName: string, newPassword: RString | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  synchronizeLoginCache(callOptions?: CallOptions): Promise<void>;
  changeExpiredCredentials(name: string, oldCred: string, newCred: string, callOptions?: CallOptions): Promise<void>;
  reportForgottenPassword(name: string, email: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getSecurityRoles(callOptions?: CallOptions): Promise<Roles | null>;
  /** Idempotent. */
  getEventContext(callOptions?: CallOptions): Promise<EventContext | null>;
}

/** `::omero::api::IConfig` */
export interface IConfig extends ServiceInterface {
  /** Idempotent. */
  getVersion(callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  getConfigValue(key: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  getConfigValues(keyRegex: string, callOptions?: CallOptions): Promise<ReadonlyMap<string, string>>;
  /** Idempotent. */
  getConfigDefaults(callOptions?: CallOptions): Promise<ReadonlyMap<string, string>>;
  /** Idempotent. */
  getClientConfigValues(callOptions?: CallOptions): Promise<ReadonlyMap<string, string>>;
  /** Idempotent. */
  getClientConfigDefaults(callOptions?: CallOptions): Promise<ReadonlyMap<string, string>>;
  /** Idempotent. */
  setConfigValue(key: string, value: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setConfigValueIfEquals(key: string, value: string, test: string, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  getDatabaseUuid(callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  getDatabaseTime(callOptions?: CallOptions): Promise<RTime | null>;
  /** Idempotent. */
  getServerTime(callOptions?: CallOptions): Promise<RTime | null>;
}

/** `::omero::api::IContainer` */
export interface IContainer extends ServiceInterface {
  /** Idempotent. */
  loadContainerHierarchy(rootType: string, rootIds: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  findContainerHierarchies(rootType: string, imageIds: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  getImages(rootType: string, rootIds: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<readonly (Image | null)[]>;
  /** Idempotent. */
  getUserImages(options: Parameters | null, callOptions?: CallOptions): Promise<readonly (Image | null)[]>;
  /** Idempotent. */
  getImagesByOptions(options: Parameters | null, callOptions?: CallOptions): Promise<readonly (Image | null)[]>;
  /** Idempotent. */
  getImagesBySplitFilesets(included: ReadonlyMap<string, BigInt64Array | readonly (bigint | number)[]> | Readonly<Record<string, BigInt64Array | readonly (bigint | number)[]>>, options: Parameters | null, callOptions?: CallOptions): Promise<ReadonlyMap<bigint, ReadonlyMap<boolean, BigInt64Array>>>;
  /** Idempotent. */
  getCollectionCount(type: string, property: string, ids: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<ReadonlyMap<bigint, bigint>>;
  /** Idempotent. */
  retrieveCollection(obj: IObject | null, collectionName: string, options: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  createDataObject(obj: IObject | null, options: Parameters | null, callOptions?: CallOptions): Promise<IObject | null>;
  createDataObjects(dataObjects: readonly (IObject | null)[], options: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  unlink(links: readonly (IObject | null)[], options: Parameters | null, callOptions?: CallOptions): Promise<void>;
  link(links: readonly (IObject | null)[], options: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  updateDataObject(obj: IObject | null, options: Parameters | null, callOptions?: CallOptions): Promise<IObject | null>;
  updateDataObjects(objs: readonly (IObject | null)[], options: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
}

/** `::omero::api::ILdap` */
export interface ILdap extends ServiceInterface {
  /** Idempotent. */
  searchAll(callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  /** Idempotent. */
  searchDnInGroups(attr: string, value: string, callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. */
  searchByAttribute(dn: string, attribute: string, value: string, callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  /** Idempotent. */
  searchByAttributes(dn: string, attributes: readonly string[], values: readonly string[], callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  /** Idempotent. */
  searchByDN(userdn: string, callOptions?: CallOptions): Promise<Experimenter | null>;
  /** Idempotent. */
  findDN(username: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  findGroupDN(groupname: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  findExperimenter(username: string, callOptions?: CallOptions): Promise<Experimenter | null>;
  /** Idempotent. */
  findGroup(groupname: string, callOptions?: CallOptions): Promise<ExperimenterGroup | null>;
  /** Idempotent. */
  setDN(experimenterID: RLong | null, dn: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getSetting(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  discover(callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  /** Idempotent. */
  discoverGroups(callOptions?: CallOptions): Promise<readonly (ExperimenterGroup | null)[]>;
  createUser(username: string, callOptions?: CallOptions): Promise<Experimenter | null>;
}

/** `::omero::api::IMetadata` */
export interface IMetadata extends ServiceInterface {
  /** Idempotent. */
  loadChannelAcquisitionData(ids: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<readonly (LogicalChannel | null)[]>;
  /** Idempotent. */
  loadAnnotations(rootType: string, rootIds: BigInt64Array | readonly (bigint | number)[], annotationTypes: readonly string[], annotatorIds: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<ReadonlyMap<bigint, readonly (IObject | null)[]>>;
  /** Idempotent. */
  loadSpecifiedAnnotations(annotationType: string, include: readonly string[], exclude: readonly string[], options: Parameters | null, callOptions?: CallOptions): Promise<readonly (Annotation | null)[]>;
  /** Idempotent. */
  loadTagContent(ids: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<ReadonlyMap<bigint, readonly (IObject | null)[]>>;
  /** Idempotent. */
  loadTagSets(options: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  getTaggedObjectsCount(ids: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<ReadonlyMap<bigint, bigint>>;
  countSpecifiedAnnotations(annotationType: string, include: readonly string[], exclude: readonly string[], options: Parameters | null, callOptions?: CallOptions): Promise<RLong | null>;
  /** Idempotent. */
  loadAnnotation(annotationIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<readonly (Annotation | null)[]>;
  /** Idempotent. */
  loadInstrument(id: bigint | number, callOptions?: CallOptions): Promise<Instrument | null>;
  /** Idempotent. */
  loadAnnotationsUsedNotOwned(annotationType: string, userID: bigint | number, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  countAnnotationsUsedNotOwned(annotationType: string, userID: bigint | number, callOptions?: CallOptions): Promise<RLong | null>;
  /** Idempotent. */
  loadSpecifiedAnnotationsLinkedTo(annotationType: string, include: readonly string[], exclude: readonly string[], rootNodeType: string, rootNodeIds: BigInt64Array | readonly (bigint | number)[], options: Parameters | null, callOptions?: CallOptions): Promise<ReadonlyMap<bigint, readonly (Annotation | null)[]>>;
  /** Idempotent. */
  loadLogFiles(rootType: string, ids: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<ReadonlyMap<bigint, readonly (IObject | null)[]>>;
}

/** `::omero::api::IPixels` */
export interface IPixels extends ServiceInterface {
  /** Idempotent. */
  retrievePixDescription(pixId: bigint | number, callOptions?: CallOptions): Promise<Pixels | null>;
  /** Idempotent. */
  retrieveRndSettings(pixId: bigint | number, callOptions?: CallOptions): Promise<RenderingDef | null>;
  /** Idempotent. */
  retrieveRndSettingsFor(pixId: bigint | number, userId: bigint | number, callOptions?: CallOptions): Promise<RenderingDef | null>;
  /** Idempotent. */
  retrieveAllRndSettings(pixId: bigint | number, userId: bigint | number, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  loadRndSettings(renderingSettingsId: bigint | number, callOptions?: CallOptions): Promise<RenderingDef | null>;
  saveRndSettings(rndSettings: RenderingDef | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getBitDepth(type: PixelsType | null, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getEnumeration(enumClass: string, value: string, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  getAllEnumerations(enumClass: string, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  copyAndResizePixels(pixelsId: bigint | number, sizeX: RInt | null, sizeY: RInt | null, sizeZ: RInt | null, sizeT: RInt | null, channelList: Int32Array | readonly number[], methodology: string, copyStats: boolean, callOptions?: CallOptions): Promise<RLong | null>;
  copyAndResizeImage(imageId: bigint | number, sizeX: RInt | null, sizeY: RInt | null, sizeZ: RInt | null, sizeT: RInt | null, channelList: Int32Array | readonly number[], methodology: string, copyStats: boolean, callOptions?: CallOptions): Promise<RLong | null>;
  createImage(sizeX: number, sizeY: number, sizeZ: number, sizeT: number, channelList: Int32Array | readonly number[], pixelsType: PixelsType | null, name: string, description: string, callOptions?: CallOptions): Promise<RLong | null>;
  setChannelGlobalMinMax(pixelsId: bigint | number, channelIndex: number, min: number, max: number, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::IProjection` */
export interface IProjection extends ServiceInterface {
  projectStack(pixelsId: bigint | number, pixelsType: PixelsType | null, algorithm: ProjectionProjectionType, timepoint: number, channelIndex: number, stepping: number, start: number, end: number, callOptions?: CallOptions): Promise<Uint8Array>;
  projectPixels(pixelsId: bigint | number, pixelsType: PixelsType | null, algorithm: ProjectionProjectionType, tStart: number, tEnd: number, channelList: Int32Array | readonly number[], stepping: number, zStart: number, zEnd: number, name: string, callOptions?: CallOptions): Promise<bigint>;
}

/** `::omero::api::IQuery` */
export interface IQuery extends ServiceInterface {
  /** Idempotent. */
  get(klass: string, id: bigint | number, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  find(klass: string, id: bigint | number, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  findAll(klass: string, filter: SysFilter | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  findByExample(example: IObject | null, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  findAllByExample(example: IObject | null, filter: SysFilter | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  findByString(klass: string, field: string, value: string, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  findAllByString(klass: string, field: string, value: string, caseSensitive: boolean, filter: SysFilter | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  findByQuery(query: string, params: Parameters | null, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  findAllByQuery(query: string, params: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  findAllByFullText(klass: string, query: string, params: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  projection(query: string, params: Parameters | null, callOptions?: CallOptions): Promise<readonly (readonly (RType | null)[])[]>;
  /** Idempotent. */
  refresh(iObject: IObject | null, callOptions?: CallOptions): Promise<IObject | null>;
}

/** `::omero::api::IRenderingSettings` */
export interface IRenderingSettings extends ServiceInterface {
  /** Idempotent. */
  sanityCheckPixels(pFrom: Pixels | null, pTo: Pixels | null, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  getRenderingSettings(pixelsId: bigint | number, callOptions?: CallOptions): Promise<RenderingDef | null>;
  createNewRenderingDef(pixels: Pixels | null, callOptions?: CallOptions): Promise<RenderingDef | null>;
  resetDefaults(def: RenderingDef | null, pixels: Pixels | null, callOptions?: CallOptions): Promise<void>;
  resetDefaultsNoSave(def: RenderingDef | null, pixels: Pixels | null, callOptions?: CallOptions): Promise<RenderingDef | null>;
  resetDefaultsInImage(imageId: bigint | number, callOptions?: CallOptions): Promise<void>;
  resetDefaultsForPixels(pixelsId: bigint | number, callOptions?: CallOptions): Promise<void>;
  resetDefaultsInDataset(datasetId: bigint | number, callOptions?: CallOptions): Promise<BigInt64Array>;
  resetDefaultsInSet(type: string, nodeIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<BigInt64Array>;
  resetDefaultsByOwnerInSet(type: string, nodeIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<BigInt64Array>;
  resetMinMaxInSet(type: string, nodeIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<BigInt64Array>;
  applySettingsToSet(from: bigint | number, toType: string, nodeIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<ReadonlyMap<boolean, BigInt64Array>>;
  applySettingsToProject(from: bigint | number, to: bigint | number, callOptions?: CallOptions): Promise<ReadonlyMap<boolean, BigInt64Array>>;
  applySettingsToDataset(from: bigint | number, to: bigint | number, callOptions?: CallOptions): Promise<ReadonlyMap<boolean, BigInt64Array>>;
  applySettingsToImages(from: bigint | number, to: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<ReadonlyMap<boolean, BigInt64Array>>;
  applySettingsToImage(from: bigint | number, to: bigint | number, callOptions?: CallOptions): Promise<boolean>;
  applySettingsToPixels(from: bigint | number, to: bigint | number, callOptions?: CallOptions): Promise<boolean>;
  setOriginalSettingsInImage(imageId: bigint | number, callOptions?: CallOptions): Promise<void>;
  setOriginalSettingsForPixels(pixelsId: bigint | number, callOptions?: CallOptions): Promise<void>;
  setOriginalSettingsInDataset(datasetId: bigint | number, callOptions?: CallOptions): Promise<BigInt64Array>;
  setOriginalSettingsInSet(type: string, nodeIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<BigInt64Array>;
}

/** `::omero::api::IRepositoryInfo` */
export interface IRepositoryInfo extends ServiceInterface {
  /** Idempotent. */
  getUsedSpaceInKilobytes(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getFreeSpaceInKilobytes(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getUsageFraction(callOptions?: CallOptions): Promise<number>;
  sanityCheckRepository(callOptions?: CallOptions): Promise<void>;
  removeUnusedFiles(callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::IRoi` */
export interface IRoi extends ServiceInterface {
  /** Idempotent. */
  findByRoi(roiId: bigint | number, opts: RoiOptions | null, callOptions?: CallOptions): Promise<RoiResult | null>;
  /** Idempotent. */
  findByImage(imageId: bigint | number, opts: RoiOptions | null, callOptions?: CallOptions): Promise<RoiResult | null>;
  /** Idempotent. */
  findByPlane(imageId: bigint | number, z: number, t: number, opts: RoiOptions | null, callOptions?: CallOptions): Promise<RoiResult | null>;
  /** Idempotent. */
  getPoints(shapeId: bigint | number, callOptions?: CallOptions): Promise<ShapePoints | null>;
  /** Idempotent. */
  getRoiStats(roiId: bigint | number, callOptions?: CallOptions): Promise<RoiStats | null>;
  /** Idempotent. */
  getShapeStats(shapeId: bigint | number, callOptions?: CallOptions): Promise<ShapeStats | null>;
  /** Idempotent. */
  getShapeStatsList(shapeIdList: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<readonly (ShapeStats | null)[]>;
  /** Idempotent. */
  getShapeStatsRestricted(shapeIdList: BigInt64Array | readonly (bigint | number)[], zForUnattached: number, tForUnattached: number, channels: Int32Array | readonly number[], callOptions?: CallOptions): Promise<readonly (ShapeStats | null)[]>;
  /** Idempotent. */
  getRoiMeasurements(imageId: bigint | number, opts: RoiOptions | null, callOptions?: CallOptions): Promise<readonly (Annotation | null)[]>;
  /** Idempotent. */
  getMeasuredRois(imageId: bigint | number, annotationId: bigint | number, opts: RoiOptions | null, callOptions?: CallOptions): Promise<RoiResult | null>;
  /** Idempotent. */
  getMeasuredRoisMap(imageId: bigint | number, annotationIds: BigInt64Array | readonly (bigint | number)[], opts: RoiOptions | null, callOptions?: CallOptions): Promise<ReadonlyMap<bigint, RoiResult | null>>;
  /** Idempotent. */
  getTable(annotationId: bigint | number, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Table"> | null>;
  uploadMask(roiId: bigint | number, z: number, t: number, bytes: Uint8Array | readonly number[], callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::IScript` */
export interface IScript extends ServiceInterface {
  /** Idempotent. */
  getScripts(callOptions?: CallOptions): Promise<readonly (OriginalFile | null)[]>;
  /** Idempotent. */
  getScriptsByMimetype(mimetype: string, callOptions?: CallOptions): Promise<readonly (OriginalFile | null)[]>;
  /** Idempotent. */
  getUserScripts(acceptsList: readonly (IObject | null)[], callOptions?: CallOptions): Promise<readonly (OriginalFile | null)[]>;
  /** Idempotent. */
  getScriptID(path: string, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getScriptText(scriptID: bigint | number, callOptions?: CallOptions): Promise<string>;
  uploadScript(path: string, scriptText: string, callOptions?: CallOptions): Promise<bigint>;
  uploadOfficialScript(path: string, scriptText: string, callOptions?: CallOptions): Promise<bigint>;
  editScript(fileObject: OriginalFile | null, scriptText: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getScriptWithDetails(scriptID: bigint | number, callOptions?: CallOptions): Promise<ReadonlyMap<string, RType | null>>;
  /** Idempotent. */
  getParams(scriptID: bigint | number, callOptions?: CallOptions): Promise<JobParams | null>;
  deleteScript(scriptID: bigint | number, callOptions?: CallOptions): Promise<void>;
  runScript(scriptID: bigint | number, inputs: ReadonlyMap<string, RType | null> | Readonly<Record<string, RType | null>>, waitSecs: RInt | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::ScriptProcess"> | null>;
  /** Idempotent. */
  canRunScript(scriptID: bigint | number, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  validateScript(j: Job | null, acceptsList: readonly (IObject | null)[], callOptions?: CallOptions): Promise<OriginalFile | null>;
}

/** `::omero::api::ISession` */
export interface ISession extends ServiceInterface {
  /** Throws CannotCreateSessionException. */
  createSession(p: Principal | null, credentials: string, callOptions?: CallOptions): Promise<Session | null>;
  /** Throws CannotCreateSessionException. */
  createUserSession(timeToLiveMilliseconds: bigint | number, timeToIdleMilliseconds: bigint | number, defaultGroup: string, callOptions?: CallOptions): Promise<Session | null>;
  /** Throws CannotCreateSessionException. */
  createSessionWithTimeout(principal: Principal | null, timeToLiveMilliseconds: bigint | number, callOptions?: CallOptions): Promise<Session | null>;
  /** Throws CannotCreateSessionException. */
  createSessionWithTimeouts(principal: Principal | null, timeToLiveMilliseconds: bigint | number, timeToIdleMilliseconds: bigint | number, callOptions?: CallOptions): Promise<Session | null>;
  /** Idempotent. */
  getSession(sessionUuid: string, callOptions?: CallOptions): Promise<Session | null>;
  /** Idempotent. */
  getReferenceCount(sessionUuid: string, callOptions?: CallOptions): Promise<number>;
  closeSession(sess: Session | null, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getMyOpenSessions(callOptions?: CallOptions): Promise<readonly (Session | null)[]>;
  /** Idempotent. */
  getMyOpenAgentSessions(agent: string, callOptions?: CallOptions): Promise<readonly (Session | null)[]>;
  /** Idempotent. */
  getMyOpenClientSessions(callOptions?: CallOptions): Promise<readonly (Session | null)[]>;
  /** Idempotent. */
  getInput(sess: string, key: string, callOptions?: CallOptions): Promise<RType | null>;
  /** Idempotent. */
  getOutput(sess: string, key: string, callOptions?: CallOptions): Promise<RType | null>;
  /** Idempotent. */
  setInput(sess: string, key: string, value: RType | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setOutput(sess: string, key: string, value: RType | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getInputKeys(sess: string, callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. */
  getOutputKeys(sess: string, callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. */
  getInputs(sess: string, callOptions?: CallOptions): Promise<ReadonlyMap<string, RType | null>>;
  /** Idempotent. */
  getOutputs(sess: string, callOptions?: CallOptions): Promise<ReadonlyMap<string, RType | null>>;
}

/** `::omero::api::IShare` */
export interface IShare extends ServiceInterface {
  /** Idempotent. */
  activate(shareId: bigint | number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  deactivate(callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getShare(shareId: bigint | number, callOptions?: CallOptions): Promise<Share | null>;
  /** Idempotent. */
  getMemberCount(shareIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<ReadonlyMap<bigint, bigint>>;
  /** Idempotent. */
  getOwnShares(active: boolean, callOptions?: CallOptions): Promise<readonly (Session | null)[]>;
  /** Idempotent. */
  getMemberShares(active: boolean, callOptions?: CallOptions): Promise<readonly (Session | null)[]>;
  /** Idempotent. */
  getSharesOwnedBy(user: Experimenter | null, active: boolean, callOptions?: CallOptions): Promise<readonly (Session | null)[]>;
  /** Idempotent. */
  getMemberSharesFor(user: Experimenter | null, active: boolean, callOptions?: CallOptions): Promise<readonly (Session | null)[]>;
  /** Idempotent. */
  getContents(shareId: bigint | number, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  getContentSubList(shareId: bigint | number, start: number, finish: number, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  getContentSize(shareId: bigint | number, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getContentMap(shareId: bigint | number, callOptions?: CallOptions): Promise<ReadonlyMap<string, BigInt64Array>>;
  createShare(description: string, expiration: RTime | null, items: readonly (IObject | null)[], exps: readonly (Experimenter | null)[], guests: readonly string[], enabled: boolean, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  setDescription(shareId: bigint | number, description: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setExpiration(shareId: bigint | number, expiration: RTime | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setActive(shareId: bigint | number, active: boolean, callOptions?: CallOptions): Promise<void>;
  closeShare(shareId: bigint | number, callOptions?: CallOptions): Promise<void>;
  addObjects(shareId: bigint | number, iobjects: readonly (IObject | null)[], callOptions?: CallOptions): Promise<void>;
  addObject(shareId: bigint | number, iobject: IObject | null, callOptions?: CallOptions): Promise<void>;
  removeObjects(shareId: bigint | number, iobjects: readonly (IObject | null)[], callOptions?: CallOptions): Promise<void>;
  removeObject(shareId: bigint | number, iobject: IObject | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getCommentCount(shareIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<ReadonlyMap<bigint, bigint>>;
  /** Idempotent. */
  getComments(shareId: bigint | number, callOptions?: CallOptions): Promise<readonly (Annotation | null)[]>;
  addComment(shareId: bigint | number, comment: string, callOptions?: CallOptions): Promise<TextAnnotation | null>;
  addReply(shareId: bigint | number, comment: string, replyTo: TextAnnotation | null, callOptions?: CallOptions): Promise<TextAnnotation | null>;
  deleteComment(comment: Annotation | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getAllMembers(shareId: bigint | number, callOptions?: CallOptions): Promise<readonly (Experimenter | null)[]>;
  /** Idempotent. */
  getAllGuests(shareId: bigint | number, callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. Throws ValidationException. */
  getAllUsers(shareId: bigint | number, callOptions?: CallOptions): Promise<readonly string[]>;
  addUsers(shareId: bigint | number, exps: readonly (Experimenter | null)[], callOptions?: CallOptions): Promise<void>;
  addGuests(shareId: bigint | number, emailAddresses: readonly string[], callOptions?: CallOptions): Promise<void>;
  removeUsers(shareId: bigint | number, exps: readonly (Experimenter | null)[], callOptions?: CallOptions): Promise<void>;
  removeGuests(shareId: bigint | number, emailAddresses: readonly string[], callOptions?: CallOptions): Promise<void>;
  addUser(shareId: bigint | number, exp: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  addGuest(shareId: bigint | number, emailAddress: string, callOptions?: CallOptions): Promise<void>;
  removeUser(shareId: bigint | number, exp: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  removeGuest(shareId: bigint | number, emailAddress: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getActiveConnections(shareId: bigint | number, callOptions?: CallOptions): Promise<ReadonlyMap<string, Experimenter | null>>;
  /** Idempotent. */
  getPastConnections(shareId: bigint | number, callOptions?: CallOptions): Promise<ReadonlyMap<string, Experimenter | null>>;
  invalidateConnection(shareId: bigint | number, exp: Experimenter | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getEvents(shareId: bigint | number, exp: Experimenter | null, from: RTime | null, to: RTime | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  notifyMembersOfShare(shareId: bigint | number, subject: string, message: string, html: boolean, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::ITimeline` */
export interface ITimeline extends ServiceInterface {
  /** Idempotent. */
  getMostRecentAnnotationLinks(parentTypes: readonly string[], childTypes: readonly string[], namespaces: readonly string[], p: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  getMostRecentShareCommentLinks(p: Parameters | null, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  getMostRecentObjects(types: readonly string[], p: Parameters | null, merge: boolean, callOptions?: CallOptions): Promise<ReadonlyMap<string, readonly (IObject | null)[]>>;
  /** Idempotent. */
  getByPeriod(types: readonly string[], start: RTime | null, end: RTime | null, p: Parameters | null, merge: boolean, callOptions?: CallOptions): Promise<ReadonlyMap<string, readonly (IObject | null)[]>>;
  /** Idempotent. */
  countByPeriod(types: readonly string[], start: RTime | null, end: RTime | null, p: Parameters | null, callOptions?: CallOptions): Promise<ReadonlyMap<string, bigint>>;
  /** Idempotent. */
  getEventLogsByPeriod(start: RTime | null, end: RTime | null, p: Parameters | null, callOptions?: CallOptions): Promise<readonly (EventLog | null)[]>;
}

/** `::omero::api::ITypes` */
export interface ITypes extends ServiceInterface {
  createEnumeration(newEnum: IObject | null, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  getEnumeration(type: string, value: string, callOptions?: CallOptions): Promise<IObject | null>;
  /** Idempotent. */
  allEnumerations(type: string, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  updateEnumeration(oldEnum: IObject | null, callOptions?: CallOptions): Promise<IObject | null>;
  updateEnumerations(oldEnums: readonly (IObject | null)[], callOptions?: CallOptions): Promise<void>;
  deleteEnumeration(oldEnum: IObject | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getEnumerationTypes(callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. */
  getAnnotationTypes(callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. */
  getEnumerationsWithEntries(callOptions?: CallOptions): Promise<ReadonlyMap<string, readonly (IObject | null)[]>>;
  /** Idempotent. */
  getOriginalEnumerations(callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  resetEnumerations(enumClass: string, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::IUpdate` */
export interface IUpdate extends ServiceInterface {
  saveObject(obj: IObject | null, callOptions?: CallOptions): Promise<void>;
  saveCollection(objs: readonly (IObject | null)[], callOptions?: CallOptions): Promise<void>;
  saveAndReturnObject(obj: IObject | null, callOptions?: CallOptions): Promise<IObject | null>;
  saveArray(graph: readonly (IObject | null)[], callOptions?: CallOptions): Promise<void>;
  saveAndReturnArray(graph: readonly (IObject | null)[], callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  saveAndReturnIds(graph: readonly (IObject | null)[], callOptions?: CallOptions): Promise<BigInt64Array>;
  deleteObject(row: IObject | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  indexObject(row: IObject | null, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::JobHandle` */
export interface JobHandle extends StatefulServiceInterface {
  submit(job: Job | null, callOptions?: CallOptions): Promise<bigint>;
  attach(jobId: bigint | number, callOptions?: CallOptions): Promise<JobStatus | null>;
  /** Idempotent. */
  getJob(callOptions?: CallOptions): Promise<Job | null>;
  /** Idempotent. */
  jobStatus(callOptions?: CallOptions): Promise<JobStatus | null>;
  /** Idempotent. */
  jobFinished(callOptions?: CallOptions): Promise<RTime | null>;
  /** Idempotent. */
  jobMessage(callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  jobRunning(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  jobError(callOptions?: CallOptions): Promise<boolean>;
  cancelJob(callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setStatus(status: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  setMessage(message: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  setStatusAndMessage(status: string, message: RString | null, callOptions?: CallOptions): Promise<string>;
}

/** `::omero::api::MetadataStore` */
export interface MetadataStore extends StatefulServiceInterface {
  createRoot(callOptions?: CallOptions): Promise<void>;
  updateObjects(objects: readonly (IObjectContainer | null)[], callOptions?: CallOptions): Promise<void>;
  updateReferences(references: ReadonlyMap<string, readonly string[]> | Readonly<Record<string, readonly string[]>>, callOptions?: CallOptions): Promise<void>;
  saveToDB(activity: FilesetJobLink | null, callOptions?: CallOptions): Promise<ReadonlyMap<string, readonly (IObject | null)[]>>;
  populateMinMax(imageChannelGlobalMinMax: readonly (readonly (Float64Array | readonly number[])[])[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setPixelsFile(pixelsId: bigint | number, file: string, repo: string, callOptions?: CallOptions): Promise<void>;
  postProcess(callOptions?: CallOptions): Promise<readonly (ProxyOf<"::omero::grid::InteractiveProcessor"> | null)[]>;
}

/** `::omero::api::PyramidService` */
export interface PyramidService extends StatefulServiceInterface {
  /** Idempotent. */
  requiresPixelsPyramid(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  getResolutionLevels(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getResolutionDescriptions(callOptions?: CallOptions): Promise<readonly (ResolutionDescription | null)[]>;
  /** Idempotent. */
  getResolutionLevel(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  setResolutionLevel(resolutionLevel: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getTileSize(callOptions?: CallOptions): Promise<Int32Array>;
}

/** `::omero::api::RawFileStore` */
export interface RawFileStore extends StatefulServiceInterface {
  setFileId(fileId: bigint | number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getFileId(callOptions?: CallOptions): Promise<RLong | null>;
  /** Idempotent. */
  read(position: bigint | number, length: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  size(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  truncate(length: bigint | number, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  write(buf: Uint8Array | readonly number[], position: bigint | number, length: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  exists(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  save(callOptions?: CallOptions): Promise<OriginalFile | null>;
}

/** `::omero::api::RawPixelsStore` */
export interface RawPixelsStore extends PyramidService {
  setPixelsId(pixelsId: bigint | number, bypassOriginalFile: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getPixelsId(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getPixelsPath(callOptions?: CallOptions): Promise<string>;
  /** Idempotent. */
  prepare(pixelsIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getPlaneSize(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getRowSize(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getStackSize(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getTimepointSize(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getTotalSize(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getRowOffset(y: number, z: number, c: number, t: number, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getPlaneOffset(z: number, c: number, t: number, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getStackOffset(c: number, t: number, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getTimepointOffset(t: number, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getTile(z: number, c: number, t: number, x: number, y: number, w: number, h: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getHypercube(offset: Int32Array | readonly number[], size: Int32Array | readonly number[], step: Int32Array | readonly number[], callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getRegion(size: number, offset: bigint | number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getRow(y: number, z: number, c: number, t: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getCol(x: number, z: number, c: number, t: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getPlane(z: number, c: number, t: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getPlaneRegion(z: number, c: number, t: number, size: number, offset: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getStack(c: number, t: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getTimepoint(t: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  setTile(buf: Uint8Array | readonly number[], z: number, c: number, t: number, x: number, y: number, w: number, h: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setRegion(size: number, offset: bigint | number, buf: Uint8Array | readonly number[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setRow(buf: Uint8Array | readonly number[], y: number, z: number, c: number, t: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setPlane(buf: Uint8Array | readonly number[], z: number, c: number, t: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setStack(buf: Uint8Array | readonly number[], z: number, c: number, t: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setTimepoint(buf: Uint8Array | readonly number[], t: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getHistogram(channels: Int32Array | readonly number[], binCount: number, globalRange: boolean, plane: PlaneDef | null, callOptions?: CallOptions): Promise<ReadonlyMap<number, Int32Array>>;
  /** Idempotent. */
  findMinMax(channels: Int32Array | readonly number[], callOptions?: CallOptions): Promise<ReadonlyMap<number, Float64Array>>;
  /** Idempotent. */
  getByteWidth(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  isSigned(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  isFloat(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  calculateMessageDigest(callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  save(callOptions?: CallOptions): Promise<Pixels | null>;
}

/** `::omero::api::RenderingEngine` */
export interface RenderingEngine extends PyramidService {
  /** Idempotent. */
  render(def: PlaneDef | null, callOptions?: CallOptions): Promise<RGBBuffer | null>;
  /** Idempotent. */
  renderAsPackedInt(def: PlaneDef | null, callOptions?: CallOptions): Promise<Int32Array>;
  /** Idempotent. */
  renderProjectedAsPackedInt(algorithm: ProjectionProjectionType, timepoint: number, stepping: number, start: number, end: number, callOptions?: CallOptions): Promise<Int32Array>;
  /** Idempotent. */
  renderCompressed(def: PlaneDef | null, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  renderProjectedCompressed(algorithm: ProjectionProjectionType, timepoint: number, stepping: number, start: number, end: number, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getRenderingDefId(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  lookupPixels(pixelsId: bigint | number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  lookupRenderingDef(pixelsId: bigint | number, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  loadRenderingDef(renderingDefId: bigint | number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setOverlays(tablesId: RLong | null, imageId: RLong | null, rowColorMap: ReadonlyMap<bigint | number, number>, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  load(callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setModel(model: RenderingModel | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getModel(callOptions?: CallOptions): Promise<RenderingModel | null>;
  /** Idempotent. */
  getDefaultZ(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getDefaultT(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  setDefaultZ(z: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setDefaultT(t: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getPixels(callOptions?: CallOptions): Promise<Pixels | null>;
  /** Idempotent. */
  getAvailableModels(callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  getAvailableFamilies(callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  setQuantumStrategy(bitResolution: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setCodomainInterval(start: number, end: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getQuantumDef(callOptions?: CallOptions): Promise<QuantumDef | null>;
  /** Idempotent. */
  setQuantizationMap(w: number, family: Family | null, coefficient: number, noiseReduction: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getChannelFamily(w: number, callOptions?: CallOptions): Promise<Family | null>;
  /** Idempotent. */
  getChannelNoiseReduction(w: number, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  getChannelStats(w: number, callOptions?: CallOptions): Promise<Float64Array>;
  /** Idempotent. */
  getChannelCurveCoefficient(w: number, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  setChannelWindow(w: number, start: number, end: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getChannelWindowStart(w: number, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getChannelWindowEnd(w: number, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  setRGBA(w: number, red: number, green: number, blue: number, alpha: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getRGBA(w: number, callOptions?: CallOptions): Promise<Int32Array>;
  /** Idempotent. */
  setActive(w: number, active: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  isActive(w: number, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  setChannelLookupTable(w: number, lookup: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getChannelLookupTable(w: number, callOptions?: CallOptions): Promise<string>;
  addCodomainMap(mapCtx: RomioCodomainMapContext | null, callOptions?: CallOptions): Promise<void>;
  updateCodomainMap(mapCtx: RomioCodomainMapContext | null, callOptions?: CallOptions): Promise<void>;
  removeCodomainMap(mapCtx: RomioCodomainMapContext | null, callOptions?: CallOptions): Promise<void>;
  addCodomainMapToChannel(mapCtx: RomioCodomainMapContext | null, w: number, callOptions?: CallOptions): Promise<void>;
  removeCodomainMapFromChannel(mapCtx: RomioCodomainMapContext | null, w: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  updateSettings(settings: RenderingDef | null, callOptions?: CallOptions): Promise<void>;
  saveCurrentSettings(callOptions?: CallOptions): Promise<void>;
  saveAsNewSettings(callOptions?: CallOptions): Promise<bigint>;
  resetDefaultSettings(save: boolean, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  setCompressionLevel(percentage: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getCompressionLevel(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  isPixelsTypeSigned(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  getPixelsTypeUpperBound(w: number, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getPixelsTypeLowerBound(w: number, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  getCodomainMapContext(w: number, callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
}

/** `::omero::api::Search` */
export interface Search extends StatefulServiceInterface {
  /** Idempotent. */
  activeQueries(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  setBatchSize(size: number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getBatchSize(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  setMergedBatches(merge: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  isMergedBatches(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  setCaseSentivice(caseSensitive: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setCaseSensitive(caseSensitive: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  isCaseSensitive(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  setUseProjections(useProjections: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  isUseProjections(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  setReturnUnloaded(returnUnloaded: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  isReturnUnloaded(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  setAllowLeadingWildcard(allowLeadingWildcard: boolean, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  isAllowLeadingWildcard(callOptions?: CallOptions): Promise<boolean>;
  onlyType(klass: string, callOptions?: CallOptions): Promise<void>;
  onlyTypes(classes: readonly string[], callOptions?: CallOptions): Promise<void>;
  allTypes(callOptions?: CallOptions): Promise<void>;
  onlyIds(ids: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<void>;
  onlyOwnedBy(d: Details | null, callOptions?: CallOptions): Promise<void>;
  notOwnedBy(d: Details | null, callOptions?: CallOptions): Promise<void>;
  onlyCreatedBetween(start: RTime | null, stop: RTime | null, callOptions?: CallOptions): Promise<void>;
  onlyModifiedBetween(start: RTime | null, stop: RTime | null, callOptions?: CallOptions): Promise<void>;
  onlyAnnotatedBetween(start: RTime | null, stop: RTime | null, callOptions?: CallOptions): Promise<void>;
  onlyAnnotatedBy(d: Details | null, callOptions?: CallOptions): Promise<void>;
  notAnnotatedBy(d: Details | null, callOptions?: CallOptions): Promise<void>;
  onlyAnnotatedWith(classes: readonly string[], callOptions?: CallOptions): Promise<void>;
  addOrderByAsc(path: string, callOptions?: CallOptions): Promise<void>;
  addOrderByDesc(path: string, callOptions?: CallOptions): Promise<void>;
  unordered(callOptions?: CallOptions): Promise<void>;
  fetchAnnotations(classes: readonly string[], callOptions?: CallOptions): Promise<void>;
  fetchAlso(fetches: readonly string[], callOptions?: CallOptions): Promise<void>;
  resetDefaults(callOptions?: CallOptions): Promise<void>;
  byGroupForTags(group: string, callOptions?: CallOptions): Promise<void>;
  byTagForGroups(tag: string, callOptions?: CallOptions): Promise<void>;
  byFullText(query: string, callOptions?: CallOptions): Promise<void>;
  byLuceneQueryBuilder(fields: string, from: string, to: string, dateType: string, query: string, callOptions?: CallOptions): Promise<void>;
  bySimilarTerms(terms: readonly string[], callOptions?: CallOptions): Promise<void>;
  byHqlQuery(query: string, params: Parameters | null, callOptions?: CallOptions): Promise<void>;
  bySomeMustNone(some: readonly string[], must: readonly string[], none: readonly string[], callOptions?: CallOptions): Promise<void>;
  byAnnotatedWith(examples: readonly (Annotation | null)[], callOptions?: CallOptions): Promise<void>;
  clearQueries(callOptions?: CallOptions): Promise<void>;
  and(callOptions?: CallOptions): Promise<void>;
  or(callOptions?: CallOptions): Promise<void>;
  not(callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  hasNext(callOptions?: CallOptions): Promise<boolean>;
  next(callOptions?: CallOptions): Promise<IObject | null>;
  results(callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  /** Idempotent. */
  currentMetadata(callOptions?: CallOptions): Promise<ReadonlyMap<string, Annotation | null>>;
  /** Idempotent. */
  currentMetadataList(callOptions?: CallOptions): Promise<readonly (ReadonlyMap<string, Annotation | null>)[]>;
  remove(callOptions?: CallOptions): Promise<void>;
}

/** `::omero::api::ServiceFactory` */
export interface ServiceFactory extends CmdSession {
  getSecurityContexts(callOptions?: CallOptions): Promise<readonly (IObject | null)[]>;
  setSecurityContext(obj: IObject | null, callOptions?: CallOptions): Promise<IObject | null>;
  setSecurityPassword(password: string, callOptions?: CallOptions): Promise<void>;
  getAdminService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IAdmin"> | null>;
  getConfigService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IConfig"> | null>;
  getContainerService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IContainer"> | null>;
  getLdapService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::ILdap"> | null>;
  getPixelsService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IPixels"> | null>;
  getProjectionService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IProjection"> | null>;
  getQueryService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IQuery"> | null>;
  getRenderingSettingsService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IRenderingSettings"> | null>;
  getRepositoryInfoService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IRepositoryInfo"> | null>;
  getRoiService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IRoi"> | null>;
  getScriptService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IScript"> | null>;
  getSessionService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::ISession"> | null>;
  getShareService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IShare"> | null>;
  getTimelineService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::ITimeline"> | null>;
  getTypesService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::ITypes"> | null>;
  getUpdateService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IUpdate"> | null>;
  getMetadataService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::IMetadata"> | null>;
  createExporter(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::Exporter"> | null>;
  createJobHandle(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::JobHandle"> | null>;
  createRawFileStore(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RawFileStore"> | null>;
  createRawPixelsStore(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RawPixelsStore"> | null>;
  createRenderingEngine(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RenderingEngine"> | null>;
  createSearchService(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::Search"> | null>;
  createThumbnailStore(callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::ThumbnailStore"> | null>;
  sharedResources(callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::SharedResources"> | null>;
  getByName(name: string, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::ServiceInterface"> | null>;
  createByName(name: string, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::StatefulServiceInterface"> | null>;
  subscribe(topicName: string, prx: ProxyOf<"::Ice::Object"> | null, callOptions?: CallOptions): Promise<void>;
  setCallback(callback: ProxyOf<"::omero::api::ClientCallback"> | null, callOptions?: CallOptions): Promise<void>;
  closeOnDestroy(callOptions?: CallOptions): Promise<void>;
  detachOnDestroy(callOptions?: CallOptions): Promise<void>;
  activeServices(callOptions?: CallOptions): Promise<readonly string[]>;
  keepAllAlive(proxies: readonly (ProxyOf<"::omero::api::ServiceInterface"> | null)[], callOptions?: CallOptions): Promise<bigint>;
  keepAlive(proxy: ProxyOf<"::omero::api::ServiceInterface"> | null, callOptions?: CallOptions): Promise<boolean>;
}

/** `::omero::api::ServiceInterface` */
export interface ServiceInterface extends IceObject {}

/** `::omero::api::StatefulServiceInterface` */
export interface StatefulServiceInterface extends ServiceInterface {
  passivate(callOptions?: CallOptions): Promise<void>;
  activate(callOptions?: CallOptions): Promise<void>;
  close(callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getCurrentEventContext(callOptions?: CallOptions): Promise<EventContext | null>;
}

/** `::omero::api::ThumbnailStore` */
export interface ThumbnailStore extends StatefulServiceInterface {
  setPixelsId(pixelsId: bigint | number, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  isInProgress(callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  setRenderingDefId(renderingDefId: bigint | number, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getRenderingDefId(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getThumbnail(sizeX: RInt | null, sizeY: RInt | null, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getThumbnailWithoutDefault(sizeX: RInt | null, sizeY: RInt | null, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getThumbnailSet(sizeX: RInt | null, sizeY: RInt | null, pixelsIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<ReadonlyMap<bigint, Uint8Array>>;
  /** Idempotent. */
  getThumbnailByLongestSideSet(size: RInt | null, pixelsIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<ReadonlyMap<bigint, Uint8Array>>;
  /** Idempotent. */
  getThumbnailByLongestSide(size: RInt | null, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getThumbnailByLongestSideDirect(size: RInt | null, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getThumbnailDirect(sizeX: RInt | null, sizeY: RInt | null, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getThumbnailForSectionDirect(theZ: number, theT: number, sizeX: RInt | null, sizeY: RInt | null, callOptions?: CallOptions): Promise<Uint8Array>;
  /** Idempotent. */
  getThumbnailForSectionByLongestSideDirect(theZ: number, theT: number, size: RInt | null, callOptions?: CallOptions): Promise<Uint8Array>;
  createThumbnails(callOptions?: CallOptions): Promise<void>;
  createThumbnail(sizeX: RInt | null, sizeY: RInt | null, callOptions?: CallOptions): Promise<void>;
  createThumbnailsByLongestSideSet(size: RInt | null, pixelsIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  thumbnailExists(sizeX: RInt | null, sizeY: RInt | null, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  resetDefaults(callOptions?: CallOptions): Promise<void>;
}

/** `::omero::cmd::CmdCallback` */
export interface CmdCallback extends IceObject {
  step(complete: number, total: number, callOptions?: CallOptions): Promise<void>;
  finished(rsp: Response | null, s: Status | null, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::cmd::Handle` */
export interface Handle extends IceObject {
  addCallback(cb: ProxyOf<"::omero::cmd::CmdCallback"> | null, callOptions?: CallOptions): Promise<void>;
  removeCallback(cb: ProxyOf<"::omero::cmd::CmdCallback"> | null, callOptions?: CallOptions): Promise<void>;
  getRequest(callOptions?: CallOptions): Promise<Request | null>;
  getResponse(callOptions?: CallOptions): Promise<Response | null>;
  getStatus(callOptions?: CallOptions): Promise<Status | null>;
  /** Throws LockTimeout. */
  cancel(callOptions?: CallOptions): Promise<boolean>;
  close(callOptions?: CallOptions): Promise<void>;
}

/** `::omero::cmd::Session` */
export interface CmdSession extends Glacier2Session {
  submit(req: Request | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::cmd::Handle"> | null>;
}

/** `::omero::grid::ClusterNode` */
export interface ClusterNode extends IceObject {
  /** Idempotent. */
  getNodeUuid(callOptions?: CallOptions): Promise<string>;
  down(uuid: string, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::ImportProcess` */
export interface ImportProcess extends StatefulServiceInterface {
  getUploader(i: number, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RawFileStore"> | null>;
  verifyUpload(hash: readonly string[], callOptions?: CallOptions): Promise<ProxyOf<"::omero::cmd::Handle"> | null>;
  getUploadOffset(i: number, callOptions?: CallOptions): Promise<bigint>;
  getHandle(callOptions?: CallOptions): Promise<ProxyOf<"::omero::cmd::Handle"> | null>;
  getImportSettings(callOptions?: CallOptions): Promise<ImportSettings | null>;
}

/** `::omero::grid::InteractiveProcessor` */
export interface InteractiveProcessor extends IceObject {
  /** Idempotent. */
  expires(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getJob(callOptions?: CallOptions): Promise<Job | null>;
  /** Idempotent. */
  params(callOptions?: CallOptions): Promise<JobParams | null>;
  execute(inputs: RMap | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Process"> | null>;
  /** Idempotent. */
  getResults(proc: ProxyOf<"::omero::grid::Process"> | null, callOptions?: CallOptions): Promise<RMap | null>;
  /** Idempotent. */
  setDetach(detach: boolean, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. */
  stop(callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::InternalRepository` */
export interface InternalRepository extends IceObject {
  createRawFileStore(file: OriginalFile | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RawFileStore"> | null>;
  createRawPixelsStore(file: OriginalFile | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RawPixelsStore"> | null>;
  createRenderingEngine(file: OriginalFile | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RenderingEngine"> | null>;
  createThumbnailStore(file: OriginalFile | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::ThumbnailStore"> | null>;
  getDescription(callOptions?: CallOptions): Promise<OriginalFile | null>;
  getProxy(callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Repository"> | null>;
  rawAccess(raw: RawAccessRequest | null, callOptions?: CallOptions): Promise<Response | null>;
  getFilePath(file: OriginalFile | null, callOptions?: CallOptions): Promise<string>;
}

/** `::omero::grid::ManagedRepository` */
export interface ManagedRepository extends Repository {
  importFileset(fs: Fileset | null, settings: ImportSettings | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::ImportProcess"> | null>;
  importPaths(filePaths: readonly string[], callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::ImportProcess"> | null>;
  listImports(callOptions?: CallOptions): Promise<readonly (ProxyOf<"::omero::grid::ImportProcess"> | null)[]>;
  listChecksumAlgorithms(callOptions?: CallOptions): Promise<readonly (ChecksumAlgorithm | null)[]>;
  suggestChecksumAlgorithm(supported: readonly (ChecksumAlgorithm | null)[], callOptions?: CallOptions): Promise<ChecksumAlgorithm | null>;
  verifyChecksums(ids: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<BigInt64Array>;
  setChecksumAlgorithm(hasher: ChecksumAlgorithm | null, ids: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<BigInt64Array>;
}

/** `::omero::grid::Process` */
export interface Process extends IceObject {
  /** Idempotent. */
  poll(callOptions?: CallOptions): Promise<RInt | null>;
  /** Idempotent. */
  wait(callOptions?: CallOptions): Promise<number>;
  /** Idempotent. */
  cancel(callOptions?: CallOptions): Promise<boolean>;
  kill(callOptions?: CallOptions): Promise<boolean>;
  shutdown(callOptions?: CallOptions): Promise<void>;
  registerCallback(cb: ProxyOf<"::omero::grid::ProcessCallback"> | null, callOptions?: CallOptions): Promise<void>;
  unregisterCallback(cb: ProxyOf<"::omero::grid::ProcessCallback"> | null, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::ProcessCallback` */
export interface ProcessCallback extends IceObject {
  processFinished(returncode: number, callOptions?: CallOptions): Promise<void>;
  processCancelled(success: boolean, callOptions?: CallOptions): Promise<void>;
  processKilled(success: boolean, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::Processor` */
export interface Processor extends IceObject {
  /** Idempotent. */
  willAccept(userContext: Experimenter | null, groupContext: ExperimenterGroup | null, scriptContext: Job | null, cb: ProxyOf<"::omero::grid::ProcessorCallback"> | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  requestRunning(cb: ProxyOf<"::omero::grid::ProcessorCallback"> | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  parseJob(session: string, jobObject: Job | null, callOptions?: CallOptions): Promise<JobParams | null>;
  processJob(session: string, params: JobParams | null, jobObject: Job | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Process"> | null>;
}

/** `::omero::grid::ProcessorCallback` */
export interface ProcessorCallback extends IceObject {
  /** Idempotent. */
  isAccepted(accepted: boolean, sessionUuid: string, procConn: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  isProxyAccepted(accepted: boolean, sessionUuid: string, procProxy: ProxyOf<"::omero::grid::Processor"> | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  responseRunning(jobIds: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::Repository` */
export interface Repository extends IceObject {
  root(callOptions?: CallOptions): Promise<OriginalFile | null>;
  mimetype(path: string, callOptions?: CallOptions): Promise<string>;
  list(path: string, callOptions?: CallOptions): Promise<readonly string[]>;
  listFiles(path: string, callOptions?: CallOptions): Promise<readonly (OriginalFile | null)[]>;
  register(path: string, mimetype: RString | null, callOptions?: CallOptions): Promise<OriginalFile | null>;
  file(path: string, mode: string, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RawFileStore"> | null>;
  fileById(id: bigint | number, callOptions?: CallOptions): Promise<ProxyOf<"::omero::api::RawFileStore"> | null>;
  fileExists(path: string, callOptions?: CallOptions): Promise<boolean>;
  makeDir(path: string, parents: boolean, callOptions?: CallOptions): Promise<void>;
  treeList(path: string, callOptions?: CallOptions): Promise<RMap | null>;
  deletePaths(paths: readonly string[], recursively: boolean, force: boolean, callOptions?: CallOptions): Promise<ProxyOf<"::omero::cmd::Handle"> | null>;
}

/** `::omero::grid::ScriptProcess` */
export interface ScriptProcess extends Process {
  /** Idempotent. */
  getJob(callOptions?: CallOptions): Promise<ScriptJob | null>;
  /** Idempotent. */
  getResults(waitSecs: number, callOptions?: CallOptions): Promise<ReadonlyMap<string, RType | null>>;
  /** Idempotent. */
  setMessage(message: string, callOptions?: CallOptions): Promise<string>;
  close(detach: boolean, callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::SharedResources` */
export interface SharedResources extends IceObject {
  acquireProcessor(job: Job | null, seconds: number, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::InteractiveProcessor"> | null>;
  addProcessor(proc: ProxyOf<"::omero::grid::Processor"> | null, callOptions?: CallOptions): Promise<void>;
  removeProcessor(proc: ProxyOf<"::omero::grid::Processor"> | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  repositories(callOptions?: CallOptions): Promise<RepositoryMap>;
  /** Idempotent. */
  getScriptRepository(callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Repository"> | null>;
  /** Idempotent. */
  areTablesEnabled(callOptions?: CallOptions): Promise<boolean>;
  newTable(repoId: bigint | number, path: string, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Table"> | null>;
  /** Idempotent. */
  openTable(file: OriginalFile | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Table"> | null>;
}

/** `::omero::grid::Table` */
export interface Table extends IceObject {
  /** Idempotent. */
  getOriginalFile(callOptions?: CallOptions): Promise<OriginalFile | null>;
  /** Idempotent. */
  getHeaders(callOptions?: CallOptions): Promise<readonly (Column | null)[]>;
  /** Idempotent. */
  getNumberOfRows(callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. */
  getWhereList(condition: string, variables: ReadonlyMap<string, RType | null> | Readonly<Record<string, RType | null>>, start: bigint | number, stop: bigint | number, step: bigint | number, callOptions?: CallOptions): Promise<BigInt64Array>;
  /** Idempotent. */
  readCoordinates(rowNumbers: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<Data | null>;
  /** Idempotent. */
  read(colNumbers: BigInt64Array | readonly (bigint | number)[], start: bigint | number, stop: bigint | number, callOptions?: CallOptions): Promise<Data | null>;
  /** Idempotent. */
  slice(colNumbers: BigInt64Array | readonly (bigint | number)[], rowNumbers: BigInt64Array | readonly (bigint | number)[], callOptions?: CallOptions): Promise<Data | null>;
  addData(cols: readonly (Column | null)[], callOptions?: CallOptions): Promise<void>;
  update(modifiedData: Data | null, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  getAllMetadata(callOptions?: CallOptions): Promise<ReadonlyMap<string, RType | null>>;
  /** Idempotent. */
  getMetadata(key: string, callOptions?: CallOptions): Promise<RType | null>;
  /** Idempotent. */
  setAllMetadata(dict: ReadonlyMap<string, RType | null> | Readonly<Record<string, RType | null>>, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. */
  setMetadata(key: string, value: RType | null, callOptions?: CallOptions): Promise<void>;
  initialize(cols: readonly (Column | null)[], callOptions?: CallOptions): Promise<void>;
  addColumn(col: Column | null, callOptions?: CallOptions): Promise<number>;
  delete(callOptions?: CallOptions): Promise<void>;
  close(callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::Tables` */
export interface Tables extends IceObject {
  /** Idempotent. */
  getRepository(callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Repository"> | null>;
  /** Idempotent. */
  getTable(file: OriginalFile | null, sf: ProxyOf<"::omero::api::ServiceFactory"> | null, callOptions?: CallOptions): Promise<ProxyOf<"::omero::grid::Table"> | null>;
}

/** `::omero::grid::monitors::FileServer` */
export interface FileServer extends IceObject {
  /** Idempotent. Throws OmeroFSError. */
  getDirectory(absPath: string, filter: string, callOptions?: CallOptions): Promise<readonly string[]>;
  /** Idempotent. Throws OmeroFSError. */
  getBulkDirectory(absPath: string, filter: string, callOptions?: CallOptions): Promise<readonly FileStats[]>;
  /** Idempotent. Throws OmeroFSError. */
  fileExists(fileId: string, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. Throws OmeroFSError. */
  getBaseName(fileId: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. Throws OmeroFSError. */
  getStats(fileId: string, callOptions?: CallOptions): Promise<FileStats>;
  /** Idempotent. Throws OmeroFSError. */
  getSize(fileId: string, callOptions?: CallOptions): Promise<bigint>;
  /** Idempotent. Throws OmeroFSError. */
  getOwner(fileId: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. Throws OmeroFSError. */
  getCTime(fileId: string, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. Throws OmeroFSError. */
  getMTime(fileId: string, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. Throws OmeroFSError. */
  getATime(fileId: string, callOptions?: CallOptions): Promise<number>;
  /** Idempotent. Throws OmeroFSError. */
  isDir(fileId: string, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. Throws OmeroFSError. */
  isFile(fileId: string, callOptions?: CallOptions): Promise<boolean>;
  /** Idempotent. Throws OmeroFSError. */
  getSHA1(fileId: string, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. Throws OmeroFSError. */
  readBlock(fileId: string, offset: bigint | number, size: number, callOptions?: CallOptions): Promise<Uint8Array>;
}

/** `::omero::grid::monitors::MonitorClient` */
export interface MonitorClient extends IceObject {
  fsEventHappened(id: string, el: readonly EventInfo[], callOptions?: CallOptions): Promise<void>;
}

/** `::omero::grid::monitors::MonitorServer` */
export interface MonitorServer extends IceObject {
  /** Throws OmeroFSError. */
  createMonitor(mType: MonitorType, eTypes: readonly WatchEventType[], pMode: PathMode, pathString: string, whitelist: readonly string[], blacklist: readonly string[], timeout: number, blockSize: number, ignoreSysFiles: boolean, ignoreDirEvents: boolean, platformCheck: boolean, proxy: ProxyOf<"::omero::grid::monitors::MonitorClient"> | null, callOptions?: CallOptions): Promise<string>;
  /** Idempotent. Throws OmeroFSError. */
  startMonitor(id: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. Throws OmeroFSError. */
  stopMonitor(id: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. Throws OmeroFSError. */
  destroyMonitor(id: string, callOptions?: CallOptions): Promise<void>;
  /** Idempotent. Throws OmeroFSError. */
  getMonitorState(id: string, callOptions?: CallOptions): Promise<MonitorState>;
}

/** Services by Slice id. */
export interface OmeroServices {
  "::Glacier2::IdentitySet": IdentitySet;
  "::Glacier2::PermissionsVerifier": PermissionsVerifier;
  "::Glacier2::Router": Router;
  "::Glacier2::SSLPermissionsVerifier": SSLPermissionsVerifier;
  "::Glacier2::SSLSessionManager": SSLSessionManager;
  "::Glacier2::Session": Glacier2Session;
  "::Glacier2::SessionControl": SessionControl;
  "::Glacier2::SessionManager": SessionManager;
  "::Glacier2::StringSet": StringSet;
  "::Ice::Object": IceObject;
  "::Ice::Router": IceRouter;
  "::omero::api::ClientCallback": ClientCallback;
  "::omero::api::Exporter": Exporter;
  "::omero::api::IAdmin": IAdmin;
  "::omero::api::IConfig": IConfig;
  "::omero::api::IContainer": IContainer;
  "::omero::api::ILdap": ILdap;
  "::omero::api::IMetadata": IMetadata;
  "::omero::api::IPixels": IPixels;
  "::omero::api::IProjection": IProjection;
  "::omero::api::IQuery": IQuery;
  "::omero::api::IRenderingSettings": IRenderingSettings;
  "::omero::api::IRepositoryInfo": IRepositoryInfo;
  "::omero::api::IRoi": IRoi;
  "::omero::api::IScript": IScript;
  "::omero::api::ISession": ISession;
  "::omero::api::IShare": IShare;
  "::omero::api::ITimeline": ITimeline;
  "::omero::api::ITypes": ITypes;
  "::omero::api::IUpdate": IUpdate;
  "::omero::api::JobHandle": JobHandle;
  "::omero::api::MetadataStore": MetadataStore;
  "::omero::api::PyramidService": PyramidService;
  "::omero::api::RawFileStore": RawFileStore;
  "::omero::api::RawPixelsStore": RawPixelsStore;
  "::omero::api::RenderingEngine": RenderingEngine;
  "::omero::api::Search": Search;
  "::omero::api::ServiceFactory": ServiceFactory;
  "::omero::api::ServiceInterface": ServiceInterface;
  "::omero::api::StatefulServiceInterface": StatefulServiceInterface;
  "::omero::api::ThumbnailStore": ThumbnailStore;
  "::omero::cmd::CmdCallback": CmdCallback;
  "::omero::cmd::Handle": Handle;
  "::omero::cmd::Session": CmdSession;
  "::omero::grid::ClusterNode": ClusterNode;
  "::omero::grid::ImportProcess": ImportProcess;
  "::omero::grid::InteractiveProcessor": InteractiveProcessor;
  "::omero::grid::InternalRepository": InternalRepository;
  "::omero::grid::ManagedRepository": ManagedRepository;
  "::omero::grid::Process": Process;
  "::omero::grid::ProcessCallback": ProcessCallback;
  "::omero::grid::Processor": Processor;
  "::omero::grid::ProcessorCallback": ProcessorCallback;
  "::omero::grid::Repository": Repository;
  "::omero::grid::ScriptProcess": ScriptProcess;
  "::omero::grid::SharedResources": SharedResources;
  "::omero::grid::Table": Table;
  "::omero::grid::Tables": Tables;
  "::omero::grid::monitors::FileServer": FileServer;
  "::omero::grid::monitors::MonitorClient": MonitorClient;
  "::omero::grid::monitors::MonitorServer": MonitorServer;
}

/** Classes that are passed by value, by Slice id. */
export interface OmeroClasses {
  "::omero::Color": Color;
  "::omero::Internal": Internal;
  "::omero::Plane": Plane;
  "::omero::Point": OmeroPoint;
  "::omero::RArray": RArray;
  "::omero::RBool": RBool;
  "::omero::RClass": RClass;
  "::omero::RCollection": RCollection;
  "::omero::RDouble": RDouble;
  "::omero::RFloat": RFloat;
  "::omero::RInt": RInt;
  "::omero::RInternal": RInternal;
  "::omero::RList": RList;
  "::omero::RLong": RLong;
  "::omero::RMap": RMap;
  "::omero::RObject": RObject;
  "::omero::RSet": RSet;
  "::omero::RString": RString;
  "::omero::RTime": RTime;
  "::omero::RType": RType;
  "::omero::api::ResolutionDescription": ResolutionDescription;
  "::omero::api::RoiOptions": RoiOptions;
  "::omero::api::RoiResult": RoiResult;
  "::omero::api::RoiStats": RoiStats;
  "::omero::api::Save": Save;
  "::omero::api::SaveRsp": SaveRsp;
  "::omero::api::ShapePoints": ShapePoints;
  "::omero::api::ShapeStats": ShapeStats;
  "::omero::cmd::Chgrp2": Chgrp2;
  "::omero::cmd::Chgrp2Response": Chgrp2Response;
  "::omero::cmd::Chmod2": Chmod2;
  "::omero::cmd::Chmod2Response": Chmod2Response;
  "::omero::cmd::Chown2": Chown2;
  "::omero::cmd::Chown2Response": Chown2Response;
  "::omero::cmd::CurrentSessionsRequest": CurrentSessionsRequest;
  "::omero::cmd::CurrentSessionsResponse": CurrentSessionsResponse;
  "::omero::cmd::Delete2": Delete2;
  "::omero::cmd::Delete2Response": Delete2Response;
  "::omero::cmd::DiskUsage": DiskUsage;
  "::omero::cmd::DiskUsage2": DiskUsage2;
  "::omero::cmd::DiskUsage2Response": DiskUsage2Response;
  "::omero::cmd::DiskUsageResponse": DiskUsageResponse;
  "::omero::cmd::DoAll": DoAll;
  "::omero::cmd::DoAllRsp": DoAllRsp;
  "::omero::cmd::Duplicate": Duplicate;
  "::omero::cmd::DuplicateResponse": DuplicateResponse;
  "::omero::cmd::ERR": ERR;
  "::omero::cmd::FindChildren": FindChildren;
  "::omero::cmd::FindHandles": FindHandles;
  "::omero::cmd::FindHandlesRsp": FindHandlesRsp;
  "::omero::cmd::FindParents": FindParents;
  "::omero::cmd::FindPyramids": FindPyramids;
  "::omero::cmd::FindPyramidsResponse": FindPyramidsResponse;
  "::omero::cmd::FoundChildren": FoundChildren;
  "::omero::cmd::FoundParents": FoundParents;
  "::omero::cmd::GraphException": GraphException;
  "::omero::cmd::GraphModify2": GraphModify2;
  "::omero::cmd::GraphQuery": GraphQuery;
  "::omero::cmd::LegalGraphTargets": LegalGraphTargets;
  "::omero::cmd::LegalGraphTargetsResponse": LegalGraphTargetsResponse;
  "::omero::cmd::ListRequests": ListRequests;
  "::omero::cmd::ListRequestsRsp": ListRequestsRsp;
  "::omero::cmd::ManageImageBinaries": ManageImageBinaries;
  "::omero::cmd::ManageImageBinariesResponse": ManageImageBinariesResponse;
  "::omero::cmd::OK": OK;
  "::omero::cmd::OriginalMetadataRequest": OriginalMetadataRequest;
  "::omero::cmd::OriginalMetadataResponse": OriginalMetadataResponse;
  "::omero::cmd::PopStatus": PopStatus;
  "::omero::cmd::PopStatusRsp": PopStatusRsp;
  "::omero::cmd::Request": Request;
  "::omero::cmd::ResetPasswordRequest": ResetPasswordRequest;
  "::omero::cmd::ResetPasswordResponse": ResetPasswordResponse;
  "::omero::cmd::Response": Response;
  "::omero::cmd::SendEmailRequest": SendEmailRequest;
  "::omero::cmd::SendEmailResponse": SendEmailResponse;
  "::omero::cmd::SkipHead": SkipHead;
  "::omero::cmd::Status": Status;
  "::omero::cmd::Timing": Timing;
  "::omero::cmd::Unknown": Unknown;
  "::omero::cmd::UpdateSessionTimeoutRequest": UpdateSessionTimeoutRequest;
  "::omero::cmd::UsedFilesRequest": UsedFilesRequest;
  "::omero::cmd::UsedFilesResponse": UsedFilesResponse;
  "::omero::cmd::UsedFilesResponsePreFs": UsedFilesResponsePreFs;
  "::omero::cmd::graphs::ChildOption": ChildOption;
  "::omero::grid::BoolColumn": BoolColumn;
  "::omero::grid::Column": Column;
  "::omero::grid::Data": Data;
  "::omero::grid::DatasetColumn": DatasetColumn;
  "::omero::grid::DoubleArrayColumn": DoubleArrayColumn;
  "::omero::grid::DoubleColumn": DoubleColumn;
  "::omero::grid::FileColumn": FileColumn;
  "::omero::grid::FloatArrayColumn": FloatArrayColumn;
  "::omero::grid::ImageColumn": ImageColumn;
  "::omero::grid::ImportLocation": ImportLocation;
  "::omero::grid::ImportRequest": ImportRequest;
  "::omero::grid::ImportResponse": ImportResponse;
  "::omero::grid::ImportSettings": ImportSettings;
  "::omero::grid::JobParams": JobParams;
  "::omero::grid::LongArrayColumn": LongArrayColumn;
  "::omero::grid::LongColumn": LongColumn;
  "::omero::grid::MaskColumn": MaskColumn;
  "::omero::grid::Param": Param;
  "::omero::grid::PlateColumn": PlateColumn;
  "::omero::grid::RawAccessRequest": RawAccessRequest;
  "::omero::grid::RoiColumn": RoiColumn;
  "::omero::grid::StringColumn": StringColumn;
  "::omero::grid::WellColumn": WellColumn;
  "::omero::metadatastore::IObjectContainer": IObjectContainer;
  "::omero::model::AcquisitionMode": AcquisitionMode;
  "::omero::model::AdminPrivilege": AdminPrivilege;
  "::omero::model::AffineTransform": AffineTransform;
  "::omero::model::Annotation": Annotation;
  "::omero::model::AnnotationAnnotationLink": AnnotationAnnotationLink;
  "::omero::model::Arc": Arc;
  "::omero::model::ArcType": ArcType;
  "::omero::model::BasicAnnotation": BasicAnnotation;
  "::omero::model::Binning": Binning;
  "::omero::model::BooleanAnnotation": BooleanAnnotation;
  "::omero::model::Channel": Channel;
  "::omero::model::ChannelAnnotationLink": ChannelAnnotationLink;
  "::omero::model::ChannelBinding": ChannelBinding;
  "::omero::model::ChecksumAlgorithm": ChecksumAlgorithm;
  "::omero::model::CodomainMapContext": CodomainMapContext;
  "::omero::model::CommentAnnotation": CommentAnnotation;
  "::omero::model::ContrastMethod": ContrastMethod;
  "::omero::model::ContrastStretchingContext": ContrastStretchingContext;
  "::omero::model::Correction": Correction;
  "::omero::model::DBPatch": DBPatch;
  "::omero::model::Dataset": Dataset;
  "::omero::model::DatasetAnnotationLink": DatasetAnnotationLink;
  "::omero::model::DatasetImageLink": DatasetImageLink;
  "::omero::model::Details": Details;
  "::omero::model::Detector": Detector;
  "::omero::model::DetectorAnnotationLink": DetectorAnnotationLink;
  "::omero::model::DetectorSettings": DetectorSettings;
  "::omero::model::DetectorType": DetectorType;
  "::omero::model::Dichroic": Dichroic;
  "::omero::model::DichroicAnnotationLink": DichroicAnnotationLink;
  "::omero::model::DimensionOrder": DimensionOrder;
  "::omero::model::DoubleAnnotation": DoubleAnnotation;
  "::omero::model::ElectricPotential": ElectricPotential;
  "::omero::model::Ellipse": Ellipse;
  "::omero::model::Event": Event;
  "::omero::model::EventLog": EventLog;
  "::omero::model::EventType": EventType;
  "::omero::model::Experiment": Experiment;
  "::omero::model::ExperimentType": ExperimentType;
  "::omero::model::Experimenter": Experimenter;
  "::omero::model::ExperimenterAnnotationLink": ExperimenterAnnotationLink;
  "::omero::model::ExperimenterGroup": ExperimenterGroup;
  "::omero::model::ExperimenterGroupAnnotationLink": ExperimenterGroupAnnotationLink;
  "::omero::model::ExternalInfo": ExternalInfo;
  "::omero::model::Family": Family;
  "::omero::model::Filament": Filament;
  "::omero::model::FilamentType": FilamentType;
  "::omero::model::FileAnnotation": FileAnnotation;
  "::omero::model::Fileset": Fileset;
  "::omero::model::FilesetAnnotationLink": FilesetAnnotationLink;
  "::omero::model::FilesetEntry": FilesetEntry;
  "::omero::model::FilesetJobLink": FilesetJobLink;
  "::omero::model::Filter": Filter;
  "::omero::model::FilterAnnotationLink": FilterAnnotationLink;
  "::omero::model::FilterSet": FilterSet;
  "::omero::model::FilterSetEmissionFilterLink": FilterSetEmissionFilterLink;
  "::omero::model::FilterSetExcitationFilterLink": FilterSetExcitationFilterLink;
  "::omero::model::FilterType": FilterType;
  "::omero::model::Folder": Folder;
  "::omero::model::FolderAnnotationLink": FolderAnnotationLink;
  "::omero::model::FolderImageLink": FolderImageLink;
  "::omero::model::FolderRoiLink": FolderRoiLink;
  "::omero::model::Format": Format;
  "::omero::model::Frequency": Frequency;
  "::omero::model::GenericExcitationSource": GenericExcitationSource;
  "::omero::model::GroupExperimenterMap": GroupExperimenterMap;
  "::omero::model::IObject": IObject;
  "::omero::model::Illumination": Illumination;
  "::omero::model::Image": Image;
  "::omero::model::ImageAnnotationLink": ImageAnnotationLink;
  "::omero::model::ImagingEnvironment": ImagingEnvironment;
  "::omero::model::Immersion": Immersion;
  "::omero::model::ImportJob": ImportJob;
  "::omero::model::IndexingJob": IndexingJob;
  "::omero::model::Instrument": Instrument;
  "::omero::model::InstrumentAnnotationLink": InstrumentAnnotationLink;
  "::omero::model::IntegrityCheckJob": IntegrityCheckJob;
  "::omero::model::Job": Job;
  "::omero::model::JobOriginalFileLink": JobOriginalFileLink;
  "::omero::model::JobStatus": JobStatus;
  "::omero::model::Label": Label;
  "::omero::model::Laser": Laser;
  "::omero::model::LaserMedium": LaserMedium;
  "::omero::model::LaserType": LaserType;
  "::omero::model::Length": Length;
  "::omero::model::LightEmittingDiode": LightEmittingDiode;
  "::omero::model::LightPath": LightPath;
  "::omero::model::LightPathAnnotationLink": LightPathAnnotationLink;
  "::omero::model::LightPathEmissionFilterLink": LightPathEmissionFilterLink;
  "::omero::model::LightPathExcitationFilterLink": LightPathExcitationFilterLink;
  "::omero::model::LightSettings": LightSettings;
  "::omero::model::LightSource": LightSource;
  "::omero::model::LightSourceAnnotationLink": LightSourceAnnotationLink;
  "::omero::model::Line": Line;
  "::omero::model::Link": Link;
  "::omero::model::ListAnnotation": ListAnnotation;
  "::omero::model::LogicalChannel": LogicalChannel;
  "::omero::model::LongAnnotation": LongAnnotation;
  "::omero::model::MapAnnotation": MapAnnotation;
  "::omero::model::Mask": Mask;
  "::omero::model::Medium": Medium;
  "::omero::model::MetadataImportJob": MetadataImportJob;
  "::omero::model::MicrobeamManipulation": MicrobeamManipulation;
  "::omero::model::MicrobeamManipulationType": MicrobeamManipulationType;
  "::omero::model::Microscope": Microscope;
  "::omero::model::MicroscopeType": MicroscopeType;
  "::omero::model::NamedValue": NamedValue;
  "::omero::model::Namespace": Namespace;
  "::omero::model::NamespaceAnnotationLink": NamespaceAnnotationLink;
  "::omero::model::Node": Node;
  "::omero::model::NodeAnnotationLink": NodeAnnotationLink;
  "::omero::model::NumericAnnotation": NumericAnnotation;
  "::omero::model::OTF": OTF;
  "::omero::model::Objective": Objective;
  "::omero::model::ObjectiveAnnotationLink": ObjectiveAnnotationLink;
  "::omero::model::ObjectiveSettings": ObjectiveSettings;
  "::omero::model::OriginalFile": OriginalFile;
  "::omero::model::OriginalFileAnnotationLink": OriginalFileAnnotationLink;
  "::omero::model::ParseJob": ParseJob;
  "::omero::model::Path": Path;
  "::omero::model::Permissions": Permissions;
  "::omero::model::PhotometricInterpretation": PhotometricInterpretation;
  "::omero::model::PixelDataJob": PixelDataJob;
  "::omero::model::Pixels": Pixels;
  "::omero::model::PixelsOriginalFileMap": PixelsOriginalFileMap;
  "::omero::model::PixelsType": PixelsType;
  "::omero::model::PlaneInfo": PlaneInfo;
  "::omero::model::PlaneInfoAnnotationLink": PlaneInfoAnnotationLink;
  "::omero::model::PlaneSlicingContext": PlaneSlicingContext;
  "::omero::model::Plate": Plate;
  "::omero::model::PlateAcquisition": PlateAcquisition;
  "::omero::model::PlateAcquisitionAnnotationLink": PlateAcquisitionAnnotationLink;
  "::omero::model::PlateAnnotationLink": PlateAnnotationLink;
  "::omero::model::Point": Point;
  "::omero::model::Polygon": Polygon;
  "::omero::model::Polyline": Polyline;
  "::omero::model::Power": Power;
  "::omero::model::Pressure": Pressure;
  "::omero::model::Project": Project;
  "::omero::model::ProjectAnnotationLink": ProjectAnnotationLink;
  "::omero::model::ProjectDatasetLink": ProjectDatasetLink;
  "::omero::model::ProjectionAxis": ProjectionAxis;
  "::omero::model::ProjectionDef": ProjectionDef;
  "::omero::model::ProjectionType": ProjectionType;
  "::omero::model::Pulse": Pulse;
  "::omero::model::QuantumDef": QuantumDef;
  "::omero::model::Reagent": Reagent;
  "::omero::model::ReagentAnnotationLink": ReagentAnnotationLink;
  "::omero::model::Rectangle": Rectangle;
  "::omero::model::RenderingDef": RenderingDef;
  "::omero::model::RenderingModel": RenderingModel;
  "::omero::model::ReverseIntensityContext": ReverseIntensityContext;
  "::omero::model::Roi": Roi;
  "::omero::model::RoiAnnotationLink": RoiAnnotationLink;
  "::omero::model::Screen": Screen;
  "::omero::model::ScreenAnnotationLink": ScreenAnnotationLink;
  "::omero::model::ScreenPlateLink": ScreenPlateLink;
  "::omero::model::ScriptJob": ScriptJob;
  "::omero::model::Session": Session;
  "::omero::model::SessionAnnotationLink": SessionAnnotationLink;
  "::omero::model::Shape": Shape;
  "::omero::model::ShapeAnnotationLink": ShapeAnnotationLink;
  "::omero::model::Share": Share;
  "::omero::model::ShareMember": ShareMember;
  "::omero::model::StageLabel": StageLabel;
  "::omero::model::StatsInfo": StatsInfo;
  "::omero::model::TagAnnotation": TagAnnotation;
  "::omero::model::Temperature": Temperature;
  "::omero::model::TermAnnotation": TermAnnotation;
  "::omero::model::TextAnnotation": TextAnnotation;
  "::omero::model::Thumbnail": Thumbnail;
  "::omero::model::ThumbnailGenerationJob": ThumbnailGenerationJob;
  "::omero::model::Time": Time;
  "::omero::model::TimestampAnnotation": TimestampAnnotation;
  "::omero::model::TransmittanceRange": TransmittanceRange;
  "::omero::model::TypeAnnotation": TypeAnnotation;
  "::omero::model::UploadJob": UploadJob;
  "::omero::model::Well": Well;
  "::omero::model::WellAnnotationLink": WellAnnotationLink;
  "::omero::model::WellReagentLink": WellReagentLink;
  "::omero::model::WellSample": WellSample;
  "::omero::model::XmlAnnotation": XmlAnnotation;
  "::omero::romio::CodomainMapContext": RomioCodomainMapContext;
  "::omero::romio::PlaneDef": PlaneDef;
  "::omero::romio::PlaneDefWithMasks": PlaneDefWithMasks;
  "::omero::romio::RGBBuffer": RGBBuffer;
  "::omero::romio::RegionDef": RegionDef;
  "::omero::romio::ReverseIntensityMapContext": ReverseIntensityMapContext;
  "::omero::sys::EventContext": EventContext;
  "::omero::sys::Filter": SysFilter;
  "::omero::sys::Options": Options;
  "::omero::sys::Parameters": Parameters;
  "::omero::sys::Principal": Principal;
  "::omero::sys::Roles": Roles;
}

/** Members of exceptions, by Slice id. */
export interface OmeroExceptions {
  "::Glacier2::CannotCreateSessionException": CannotCreateSessionException;
  "::Glacier2::PermissionDeniedException": PermissionDeniedException;
  "::Glacier2::SessionNotExistException": SessionNotExistException;
  "::omero::ApiUsageException": ApiUsageException;
  "::omero::AuthenticationException": AuthenticationException;
  "::omero::ChecksumValidationException": ChecksumValidationException;
  "::omero::ConcurrencyException": ConcurrencyException;
  "::omero::ConcurrentModification": ConcurrentModification;
  "::omero::DatabaseBusyException": DatabaseBusyException;
  "::omero::ExpiredCredentialException": ExpiredCredentialException;
  "::omero::FilePathNamingException": FilePathNamingException;
  "::omero::GroupSecurityViolation": GroupSecurityViolation;
  "::omero::InternalException": InternalException;
  "::omero::LockTimeout": LockTimeout;
  "::omero::MissingPyramidException": MissingPyramidException;
  "::omero::NoProcessorAvailable": NoProcessorAvailable;
  "::omero::OmeroFSError": OmeroFSError;
  "::omero::OptimisticLockException": OptimisticLockException;
  "::omero::OverUsageException": OverUsageException;
  "::omero::PermissionMismatchGroupSecurityViolation": PermissionMismatchGroupSecurityViolation;
  "::omero::QueryException": QueryException;
  "::omero::ReadOnlyGroupSecurityViolation": ReadOnlyGroupSecurityViolation;
  "::omero::RemovedSessionException": RemovedSessionException;
  "::omero::ResourceError": ResourceError;
  "::omero::SecurityViolation": SecurityViolation;
  "::omero::ServerError": ServerError;
  "::omero::SessionException": SessionException;
  "::omero::SessionTimeoutException": SessionTimeoutException;
  "::omero::ShutdownInProgress": ShutdownInProgress;
  "::omero::TryAgain": TryAgain;
  "::omero::ValidationException": ValidationException;
  "::omero::WrappedCreateSessionException": WrappedCreateSessionException;
  "::omero::grid::FileDeleteException": FileDeleteException;
  "::omero::grid::RepositoryException": RepositoryException;
  "::omero::grid::UnregisteredFileException": UnregisteredFileException;
}
