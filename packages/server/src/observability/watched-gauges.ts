import { Gauge, type Registry } from "prom-client";
import { shareCheck } from "./shared-check.ts";

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
  /** Those that have failed for good and have not been retried. */
  readonly dead: number;
  /** The number of seconds for which the first waiting job has been due. */
  readonly overdue: number;
}

/** The room of the file system that a folder is on, in bytes. */
export interface DiskRoom {
  readonly folder: string;
  readonly size: number;
  readonly free: number;
}

/** Sets the functions that gauges ask at each scrape. What can't be read in time has no value. */
export interface WatchedGauges {
  /** Sets the function that tells the depth of the job queue. */
  watchJobs(depths: () => Promise<readonly JobDepth[]>): void;
  /** Sets the function that counts the resumable uploads of all nodes. */
  watchOpenUploads(count: () => Promise<OpenUploads>): void;
  watchDisks(look: () => Promise<readonly DiskRoom[]>): void;
}

export function watchedGauges(registers: Registry[]): WatchedGauges {
  const jobs = watching<readonly JobDepth[]>([]);
  const openUploads = watching<OpenUploads | undefined>(undefined);
  const disks = watching<readonly DiskRoom[]>([]);
  new Gauge({
    name: "sluice_jobs",
    help: "Jobs in the queue, of all nodes: waiting, active, or dead (failed for good)",
    labelNames: ["kind", "state"],
    registers,
    async collect() {
      this.reset();
      for (const { name: kind, waiting, active, dead } of (await jobs.look()) ?? []) {
        this.set({ kind, state: "waiting" }, waiting);
        this.set({ kind, state: "active" }, active);
        this.set({ kind, state: "dead" }, dead);
      }
    },
  });
  new Gauge({
    name: "sluice_jobs_overdue_seconds",
    help: "Time for which the longest due job of the kind has waited",
    labelNames: ["kind"],
    registers,
    async collect() {
      this.reset();
      for (const { name: kind, overdue } of (await jobs.look()) ?? []) this.set({ kind }, overdue);
    },
  });
  new Gauge({
    name: "sluice_resumable_uploads",
    help: "Resumable uploads that have neither ended nor been swept, of all nodes: receiving, or complete (all bytes have come)",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      const found = await openUploads.look();
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
      const found = await openUploads.look();
      if (found !== undefined) this.set(found.bytes);
    },
  });
  // The processes of a node look at the same disks.
  const ofNode = { labelNames: ["folder"], aggregator: "min", registers } as const;
  new Gauge({
    ...ofNode,
    name: "sluice_disk_free_bytes",
    help: "Room left on the file system of a folder: data, spool, or files (where they are on no bucket)",
    async collect() {
      this.reset();
      for (const { folder, free } of (await disks.look()) ?? []) this.set({ folder }, free);
    },
  });
  new Gauge({
    ...ofNode,
    name: "sluice_disk_size_bytes",
    help: "Size of the file system of a folder",
    async collect() {
      this.reset();
      for (const { folder, size } of (await disks.look()) ?? []) this.set({ folder }, size);
    },
  });
  return { watchJobs: jobs.set, watchOpenUploads: openUploads.set, watchDisks: disks.set };
}

/** A look that is set later. */
function watching<Found>(before: Found) {
  let look = shareCheck<Found>(async () => before);
  return {
    look: () => look(),
    set(next: () => Promise<Found>) {
      look = shareCheck(next);
    },
  };
}
