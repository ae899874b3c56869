/** Writing tables. */
export { type UploadOptions, type UploadResult, uploadTable } from "./upload.js";
