import type { Database } from "../../database/database.ts";
import type { Metrics } from "../../observability/metrics.ts";
import type { StoreNeeds, UploadNeeds } from "../needs.ts";
import type { LeaseOwner } from "./lease-owner.ts";
import type { Leases } from "./leases.ts";
import type { RunningHashes } from "./running-hashes.ts";

/** The parts of the server that resumable uploads need. */
export interface ResumableServices extends UploadNeeds {
  readonly database: Database;
  readonly metrics: UploadNeeds["metrics"] & Pick<Metrics, "uploads">;
  readonly leaseOwner: Pick<LeaseOwner, "newHolder">;
}

/** The parts that storing a complete upload needs. */
export type FinishServices = StoreNeeds & Pick<ResumableServices, "database" | "leaseOwner" | "metrics">;

/** The services with what resumable uploads have for themselves in each process. */
export interface ResumableNeeds extends ResumableServices {
  readonly leases: Leases;
  readonly hashes: RunningHashes;
}
