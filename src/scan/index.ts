/** Tables as parts that other engines read: plans of jobs, and what each job gives. */
export { type PlanScanOptions, planScan, type ScanPlan } from "./plan-scan.js";
export { type ReadPartitionOptions, readPartition } from "./read-partition.js";
export { type PlannedTable, parseScanJob, type ScanJob } from "./scan-job.js";
export type { ScanQuery, ScanValue } from "./scan-query.js";
