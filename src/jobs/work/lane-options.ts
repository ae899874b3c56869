/** What the lanes of a worker share. */
import type { ConnectOptions } from "../../connect/connect-to-omero.js";
import type { OnWarning } from "../../flow/warnings.js";
import type { JobQueue, QueueSettings } from "../queue/job-queue.js";
import type { RootFolder } from "../root-folder.js";
import type { JobOutcome } from "./outcome.js";
import type { Stopping } from "./stopping.js";

export interface LaneOptions {
  readonly queue: JobQueue;
  readonly settings: QueueSettings;
  readonly root: RootFolder;
  readonly login: ConnectOptions;
  readonly lease: number;
  readonly stay: boolean;
  readonly stopping: Stopping;
  readonly onWarning: OnWarning;
  readonly onOutcome: (outcome: JobOutcome) => Promise<void>;
}
