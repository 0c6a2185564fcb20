import type { SubjectName } from "./subjects.ts";

const kib = 1024;
const mib = 1024 * kib;
const gib = 1024 * mib;

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
  readonly budget?: { readonly of: SubjectName; readonly share: number };
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
    budget: { of: "floor", share: 0.7 },
  },
  "20mb": {
    title: "20 MiB, 4 at once",
    fileBytes: 20 * mib,
    atOnce: 4,
    warmUpUploads: 20,
    uploads: 240,
    timed: true,
    unit: "MiB/s",
  },
  "1gb": {
    title: "1 GiB, one at a time",
    fileBytes: gib,
    atOnce: 1,
    warmUpUploads: 1,
    uploads: 2,
    timed: false,
    unit: "MiB/s",
    budget: { of: "floor-sha256", share: 0.8 },
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
