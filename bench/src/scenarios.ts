import type { SubjectName } from "./subjects.ts";

const kib = 1024;
const mib = 1024 * kib;
const gib = 1024 * mib;

/** The performance that one program must reach in comparison with another. */
export interface Budget {
  readonly subject: SubjectName;
  readonly of: SubjectName;
  /** The least share of the other program's rate. */
  readonly rate?: number;
  /** The largest multiple of the other program's processor time per upload. */
  readonly cpu?: number;
}

export interface Scenario {
  readonly title: string;
  readonly fileBytes: number;
  /** The number of uploads under way at once. */
  readonly atOnce: number;
  /**
   * The number of uploads before the clock runs, which let the server open its files and V8 compile its code. Code that
   * runs once per upload reaches V8's last compiler after some ten thousand uploads.
   */
  readonly warmUpUploads: number;
  /** The most uploads in the measured stretch. This bounds the disk space. */
  readonly uploads: number;
  /** Whether the measured stretch also ends when its time is over. */
  readonly timed: boolean;
  /** The unit of the reported rate: uploads or bytes. */
  readonly unit: "uploads/s" | "MiB/s";
  /** If present, the scenario runs once, and for these subjects only. Otherwise it runs in rounds, for all subjects. */
  readonly once?: readonly SubjectName[];
  /** The budgets of docs/architecture.md §6. */
  readonly budgets?: readonly Budget[];
  /** The bound on resident memory in bytes: on its growth during the stretch, or on its peak. */
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
      // Videos cost other uploads nothing: the rest is noise.
      { subject: "sluice", of: "sluice-no-videos", cpu: 1.03 },
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
