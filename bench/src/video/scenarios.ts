import { mib, milliseconds } from "../report/cells.ts";
import { percentile } from "../report/statistics.ts";
import type { VideoMeasurement } from "./measurement.ts";
import type { VideoSubjectName } from "./subjects.ts";

/** One number of each run, which is a column of the table. */
export interface Figure {
  readonly title: string;
  readonly of: (run: VideoMeasurement) => number;
  readonly format: (value: number) => string;
  /** Whether it is compared with that of the scenario's base in the same round. */
  readonly compared?: true;
  /** The budgets of docs/architecture.md §6: the most that it may be or, if it is compared, how many times the base's. */
  readonly budgets?: Partial<Record<VideoSubjectName, number>>;
}

export interface VideoScenario {
  readonly title: string;
  readonly work: "stills" | "encode" | "requests";
  /** The number of measured stills, or of uploads and as many pictures. */
  readonly count: number;
  /** The number of uploads before those that are measured. Code that runs for each is compiled after some hundred. */
  readonly warmUpUploads?: number;
  readonly subjects: readonly VideoSubjectName[];
  /** The subject that others are compared with. */
  readonly base?: VideoSubjectName;
  readonly figures: readonly Figure[];
}

/** The length in seconds of the clip that is encoded. Stills are taken of one ten times as long. */
export const clipSeconds = 60;

const decimals = (digits: number, unit: string) => (value: number) => `${value.toFixed(digits)} ${unit}`;

/** The latency of one kind of request that this share of the requests stays below, in seconds. */
function latency(kind: string, share: number): Omit<Figure, "budgets"> {
  const title = `${kind} p${share * 100}`;
  return { title, of: ({ latencies }) => percentile(latencies[kind] ?? [], share) / 1000, format: milliseconds };
}

const besideVideos = { compared: true, budgets: { system: 1.5, embedded: 1.5 } } as const;
const maxGrowth = 64 * mib;

export const videoScenarios = {
  stills: {
    title: "A still of 400 px anywhere in ten minutes of 1080p, one at a time",
    work: "stills",
    count: 20,
    subjects: ["system", "embedded"],
    figures: [latency("still", 0.5), { ...latency("still", 0.95), budgets: { system: 0.3, embedded: 0.5 } }],
  },
  "encode-720p": {
    title: "60 s of 1080p to 720p",
    work: "encode",
    count: 1,
    subjects: ["plain", "system", "embedded"],
    base: "plain",
    figures: [
      {
        ...{ title: "CPU", of: ({ cpu }) => cpu, format: decimals(1, "s"), compared: true },
        budgets: { system: 1.1, embedded: 1.5 },
      },
      { title: "by the clock", of: ({ seconds }) => seconds, format: decimals(1, "s") },
    ],
  },
  "beside-videos": {
    title: "Uploads of 100 KiB and pictures that aren't cached, beside 40 stills and 2 encodes at once",
    work: "requests",
    count: 60,
    warmUpUploads: 300,
    subjects: ["idle", "system", "embedded"],
    base: "idle",
    figures: [
      ...[0.5, 0.95].map((share) => ({ ...latency("upload", share), ...besideVideos })),
      ...[0.5, 0.95].map((share) => ({ ...latency("picture", share), ...besideVideos })),
      {
        title: "growth of the server's own memory",
        of: ({ memory }) => memory.peak - memory.before,
        format: (bytes) => `${(bytes / mib).toFixed(0)} MiB`,
        budgets: { system: maxGrowth, embedded: maxGrowth },
      },
      {
        title: "stills meanwhile",
        of: ({ meanwhile, seconds }) => meanwhile.stills / seconds,
        format: decimals(1, "/s"),
      },
      { title: "refused as busy", of: ({ meanwhile }) => meanwhile.refused, format: String },
    ],
  },
} as const satisfies Record<string, VideoScenario>;

export type VideoScenarioName = keyof typeof videoScenarios;
