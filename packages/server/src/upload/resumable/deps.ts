import type { Database } from "../../database/database.ts";
import type { Metrics } from "../../observability/metrics.ts";
import type { StoreDeps, UploadDeps } from "../deps.ts";
import type { LeaseOwner } from "./lease-owner.ts";
import type { Leases } from "./leases.ts";
import type { RunningHashes } from "./running-hashes.ts";

/** The parts of the server that resumable uploads need. */
export interface ResumableServices extends UploadDeps {
  readonly database: Database;
  readonly metrics: UploadDeps["metrics"] & Pick<Metrics, "uploads">;
  readonly leaseOwner: Pick<LeaseOwner, "newHolder">;
}

/** The parts that storing a complete upload needs. */
export type FinishServices = StoreDeps & Pick<ResumableServices, "database" | "leaseOwner" | "metrics">;

/** The services with what resumable uploads have for themselves in each process. */
export interface ResumableDeps extends ResumableServices {
  readonly leases: Leases;
  readonly hashes: RunningHashes;
}
