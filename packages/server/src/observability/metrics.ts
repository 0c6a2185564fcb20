import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { processMetrics } from "./process-metrics.ts";
import { Tally } from "./tally.ts";
import { version } from "./version.ts";

/** The resumable uploads that have not ended. */
export interface OpenUploads {
  readonly open: number;
  /** Those of which all bytes have come. */
  readonly complete: number;
  /** The bytes that they have received. */
  readonly bytes: number;
}

/** The number of jobs of one name. */
export interface JobDepth {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  /** The number of seconds for which the first waiting job has been due. */
  readonly overdue: number;
}

export interface Metrics {
  /** Every metric, as Prometheus text. */
  readonly registry: Pick<Registry, "contentType" | "metrics" | "getMetricsAsJSON">;
  readonly uploads: Counter<"outcome">;
  readonly uploadBytes: Counter;
  readonly uploadSeconds: Histogram;
  /** The requests with bytes of resumable uploads. */
  readonly pieces: Counter<"outcome">;
  readonly pieceBytes: Counter;
  readonly requests: Tally<"route" | "status">;
  /** The commits of this process. */
  readonly commits: Counter.Internal;
  readonly jobs: Counter<"job" | "outcome">;
  readonly webhooks: Counter<"outcome">;
  readonly derived: Tally<"source">;
  readonly virusScans: Counter<"outcome">;
  /** Sets the function that tells the depth of the job queue. */
  watchJobs(depths: () => Promise<readonly JobDepth[]>): void;
  /** Sets the function that counts the resumable uploads of all nodes. */
  watchOpenUploads(count: () => Promise<OpenUploads>): void;
  readonly expiredUploads: Counter;
}

/**
 * @param spoolUsage what uploads in progress hold, on disk or in memory
 * @param process this process's name, for metrics that are not summed over all processes
 */
export function createMetrics(
  spoolUsage: () => { readonly files: number; readonly bytes: number },
  process: string,
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: "sluice_build_info",
    help: "1; its label names the version that runs",
    labelNames: ["version"],
    aggregator: "first",
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: "sluice_spool_files",
    help: "Uploads in progress whose file has begun to arrive",
    registers,
    collect() {
      this.set(spoolUsage().files);
    },
  });
  new Gauge({
    name: "sluice_spool_bytes",
    help: "Bytes that uploads in progress hold, in memory or in the spool",
    registers,
    collect() {
      this.set(spoolUsage().bytes);
    },
  });
  let jobDepths = async (): Promise<readonly JobDepth[]> => [];
  new Gauge({
    name: "sluice_jobs",
    help: "Jobs in the queue, of all nodes",
    labelNames: ["job", "state"],
    registers,
    async collect() {
      this.reset();
      // A database that can't be read must not hide the other metrics.
      for (const { name, waiting, active } of await jobDepths().catch(() => [])) {
        this.set({ job: name, state: "waiting" }, waiting);
        this.set({ job: name, state: "active" }, active);
      }
    },
  });
  new Gauge({
    name: "sluice_jobs_overdue_seconds",
    help: "Time for which the longest due job of the name has waited",
    labelNames: ["job"],
    registers,
    async collect() {
      this.reset();
      for (const { name, overdue } of await jobDepths().catch(() => [])) this.set({ job: name }, overdue);
    },
  });
  let openUploads = async (): Promise<OpenUploads | undefined> => undefined;
  new Gauge({
    name: "sluice_resumable_uploads",
    help: "Resumable uploads that have neither ended nor been swept, of all nodes: receiving, or complete (all bytes have come)",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      const found = await openUploads().catch(() => undefined);
      if (found === undefined) return;
      this.set({ state: "receiving" }, found.open - found.complete);
      this.set({ state: "complete" }, found.complete);
    },
  });
  new Gauge({
    name: "sluice_resumable_upload_bytes",
    help: "Bytes that these uploads have received",
    labelNames: [],
    registers,
    async collect() {
      this.reset();
      const found = await openUploads().catch(() => undefined);
      if (found !== undefined) this.set(found.bytes);
    },
  });
  const metrics = {
    expiredUploads: new Counter({
      name: "sluice_resumable_uploads_expired_total",
      help: "Resumable uploads that were not ended in time",
      registers,
    }),
    uploads: new Counter({
      name: "sluice_uploads_total",
      help: "Uploads by outcome: stored, or the reason of the refusal",
      labelNames: ["outcome"],
      registers,
    }),
    virusScans: new Counter({
      name: "sluice_virus_scans_total",
      help: "Files that clamd was asked about, by outcome: clean, infected, or failed",
      labelNames: ["outcome"],
      registers,
    }),
    uploadBytes: new Counter({ name: "sluice_upload_bytes_total", help: "Bytes of stored uploads", registers }),
    uploadSeconds: new Histogram({
      name: "sluice_upload_seconds",
      help: "Time from an upload's headers to its answer",
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300],
      registers,
    }),
    pieces: new Counter({
      name: "sluice_upload_pieces_total",
      help: "Requests with bytes of resumable uploads, by outcome: taken, or the reason of the refusal",
      labelNames: ["outcome"],
      registers,
    }),
    pieceBytes: new Counter({
      name: "sluice_upload_piece_bytes_total",
      help: "Bytes that came with requests of resumable uploads",
      registers,
    }),
    requests: new Tally({
      name: "sluice_http_requests_total",
      help: "Answered requests by route and status",
      labelNames: ["route", "status"],
      registers,
    }),
    commits: new Counter({
      name: "sluice_commits_total",
      help: "Transactions that are on disk, by the process that asked for them",
      labelNames: ["process"],
      registers,
    }).labels({ process }),
    jobs: new Counter({
      name: "sluice_jobs_total",
      help: "Runs of jobs by outcome: done, failed (tried again), dead (not any more) or returned (cut short)",
      labelNames: ["job", "outcome"],
      registers,
    }),
    derived: new Tally({
      name: "sluice_derived_images_total",
      help: "Images and compressed files that were asked for, by where they came from: memory, disk, shared (the bucket), or made",
      labelNames: ["source"],
      registers,
    }),
    webhooks: new Counter({
      name: "sluice_webhook_attempts_total",
      help: "Attempts to deliver a webhook: delivered, failed, or dropped (nobody is to be told any more)",
      labelNames: ["outcome"],
      registers,
    }),
    watchJobs(depths: typeof jobDepths) {
      jobDepths = depths;
    },
    watchOpenUploads(count: () => Promise<OpenUploads>) {
      openUploads = count;
    },
  };
  return { ...metrics, registry: Registry.merge([processMetrics(process), registry]) };
}
