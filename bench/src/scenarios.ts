import type { SubjectName } from "./subjects.ts";

const kib = 1024;
const mib = 1024 * kib;
const gib = 1024 * mib;

/** How one program has to do beside another. */
export interface Budget {
  readonly subject: SubjectName;
  readonly of: SubjectName;
  /** The least share of the other's rate. */
  readonly rate?: number;
  /** The most of the other's processor time for each upload. */
  readonly cpu?: number;
}

export interface Scenario {
  readonly title: string;
  readonly fileBytes: number;
  /** Uploads under way at once. */
  readonly atOnce: number;
  /**
   * Before the clock runs, to let the server's files be opened and its code be compiled: what runs once an upload gets to
   * V8's last compiler after some ten thousand uploads.
   */
  readonly warmUpUploads: number;
  /** At most so many uploads in the measured stretch: what bounds the disk space. */
  readonly uploads: number;
  /** Whether the measured stretch also ends when its time is over. */
  readonly timed: boolean;
  /** What is told: how many uploads go through, or how many bytes. */
  readonly unit: "uploads/s" | "MiB/s";
  /** Run once and for these alone; otherwise in rounds, for all. */
  readonly once?: readonly SubjectName[];
  /** docs/architecture.md §6. */
  readonly budgets?: readonly Budget[];
  /** Bytes of resident memory: how much it may grow during the stretch, or be in all. */
  readonly memory?: { readonly growth: number } | { readonly peak: number };
}

export const scenarios = {
  "10kb": {
    title: "10 KiB, 32 at once",
    fileBytes: 10 * kib,
    atOnce: 32,
    warmUpUploads: 16_000,
    uploads: 40_000,
    timed: true,
    unit: "uploads/s",
  },
  "100kb": {
    title: "100 KiB, 32 at once",
    fileBytes: 100 * kib,
    atOnce: 32,
    warmUpUploads: 16_000,
    uploads: 30_000,
    timed: true,
    unit: "uploads/s",
    budgets: [
      { subject: "sluice", of: "tus", rate: 1, cpu: 1 },
      { subject: "sluice", of: "directus", rate: 10 },
      { subject: "sluice-told", of: "sluice", rate: 0.85 },
      { subject: "sluice-postgres", of: "sluice", cpu: 1.6 },
      { subject: "sluice-postgres", of: "directus-postgres", rate: 10 },
      { subject: "sluice-postgres-s3", of: "sluice", cpu: 2.5 },
    ],
  },
  "20mb": {
    title: "20 MiB, 4 at once",
    fileBytes: 20 * mib,
    atOnce: 4,
    warmUpUploads: 20,
    uploads: 240,
    timed: true,
    unit: "MiB/s",
    budgets: [
      { subject: "sluice", of: "floor", rate: 0.9 },
      { subject: "sluice", of: "tus", rate: 1 },
      { subject: "sluice", of: "directus", rate: 1 },
      { subject: "sluice-postgres", of: "directus-postgres", rate: 1 },
    ],
  },
  "1gb": {
    title: "1 GiB, one at a time",
    fileBytes: gib,
    atOnce: 1,
    warmUpUploads: 1,
    uploads: 2,
    timed: false,
    unit: "MiB/s",
    budgets: [{ subject: "sluice", of: "floor-sha256", rate: 1 }],
    memory: { growth: 64 * mib },
  },
  "memory-2gb": {
    title: "one upload of 2 GiB into a fresh server",
    fileBytes: 2 * gib,
    atOnce: 1,
    warmUpUploads: 0,
    uploads: 1,
    timed: false,
    unit: "MiB/s",
    once: ["sluice"],
    memory: { growth: 64 * mib },
  },
  "memory-200": {
    title: "400 uploads of 5 MiB into a fresh server, 200 at once",
    fileBytes: 5 * mib,
    atOnce: 200,
    warmUpUploads: 0,
    uploads: 400,
    timed: false,
    unit: "MiB/s",
    once: ["sluice"],
    memory: { peak: 512 * mib },
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
