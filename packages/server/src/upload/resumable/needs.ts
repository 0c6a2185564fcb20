import type { Database } from "../../database/database.ts";
import type { Metrics } from "../../observability/metrics.ts";
import type { StoreNeeds, UploadNeeds, UploadScripts } from "../needs.ts";
import type { LeaseOwner } from "./lease-owner.ts";
import type { Leases } from "./leases.ts";
import type { RunningHashes } from "./running-hashes.ts";
import type * as creation from "./sessions/create-session.ts";
import type * as endTransactions from "./sessions/end-transactions.ts";
import type * as leaseTransactions from "./sessions/lease-transactions.ts";

/** The database scripts that resumable uploads run. */
export type ResumableScripts = UploadScripts &
  typeof creation &
  typeof leaseTransactions &
  Omit<typeof endTransactions, "expireSession" | "forgetSessions">;

/** The parts of the server that resumable uploads need. */
export interface ResumableServices extends UploadNeeds {
  readonly database: Database<ResumableScripts>;
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
