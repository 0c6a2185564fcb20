import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { Tally } from "./tally.ts";
import { type TimingMark, Timings } from "./timings.ts";
import { version } from "./version.ts";
import { type WatchedGauges, watchedGauges } from "./watched-gauges.ts";

let registry: Registry | undefined;

/**
 * Measures the whole process: CPU, memory, garbage collection, delay of the event loop. This is the exception to having
 * no module state. prom-client measures with a timer and an observer that it can't release, so servers that come and go
 * in one process must share them.
 */
function processMetrics(process: string): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    // Gauges, whose names Prometheus keeps for counters. Their series by type are there.
    for (const kind of ["handles", "requests", "resources"]) registry.removeSingleMetric(`nodejs_active_${kind}_total`);
    watchEventLoop(registry, process);
  }
  return registry;
}

/** The interval at which the delay of the event loop is measured. */
const watchMs = 10;

/**
 * Measures the delay of this process's event loop. prom-client's own metric is an average over the processes, and one
 * slow process must show.
 */
function watchEventLoop(register: Registry, process: string): void {
  const delay = monitorEventLoopDelay({ resolution: watchMs });
  delay.enable();
  new Gauge({
    name: "sluice_event_loop_delay_seconds",
    help: "Delay of the event loop since it was last asked for, by process",
    labelNames: ["process", "percentile"],
    registers: [register],
    collect() {
      for (const percentile of [50, 99, 99.9]) {
        // Node's figure includes the time between two measurements.
        const seconds = delay.percentile(percentile) / 1e9 - watchMs / 1000;
        this.set({ process, percentile }, Math.max(0, seconds));
      }
      delay.reset();
    },
  });
}

export interface Metrics extends WatchedGauges {
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
  /** The times of the statements with which this process reads the database. */
  readonly reads: Pick<TimingMark, "observe">;
  /** The times of the transactions that this process asks for. */
  readonly transactions: Pick<TimingMark, "observe">;
  readonly jobs: Counter<"kind" | "outcome">;
  readonly webhooks: Counter<"outcome">;
  readonly derived: Tally<"source">;
  readonly virusScans: Counter<"outcome">;
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
  const database = new Timings({
    name: "sluice_database_seconds",
    help: "Time that the database takes: a read, or a transaction from its request until it is on disk",
    label: "operation",
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers,
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
      labelNames: ["kind", "outcome"],
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
    reads: database.mark("read"),
    transactions: database.mark("transaction"),
    ...watchedGauges(registers),
  };
  return { ...metrics, registry: Registry.merge([processMetrics(process), registry]) };
}
