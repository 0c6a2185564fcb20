import type { DeliverySubjectName, Picture } from "./subjects.ts";

export interface DeliveryScenario {
  readonly title: string;
  readonly picture: Picture;
  /** The number of requests under way at once. */
  readonly atOnce: number;
  /** The number of different pictures requested. A picture that is requested again may come from a cache. */
  readonly distinct: number;
  readonly warmUp: number;
  /** The most answers in the measured stretch. */
  readonly maxUploads: number;
  /** Whether the measured stretch also ends when its time is over. */
  readonly timed: boolean;
  readonly subjects: readonly DeliverySubjectName[];
  /** The subject that the ratios compare with. */
  readonly base: DeliverySubjectName;
  /** Sluice's budgets beside others (docs/architecture.md §6): the least share of the rate. */
  readonly budgets?: readonly { readonly of: DeliverySubjectName; readonly rate: number }[];
  /** If present, such uploads are measured. Meanwhile only the subjects with `renders` get picture requests. */
  readonly stores?: { readonly fileBytes: number; readonly atOnce: number };
  /** The scenario is run once. A refusal by a server that is too busy counts as an answer. */
  readonly memory?: true;
}

/** More different pictures than are ever requested. */
const allDistinct = 16 ** 6;

const cold = { distinct: allDistinct, atOnce: 4, warmUp: 8, maxUploads: 2_000, timed: true } as const;
const cached = {
  picture: "webp",
  distinct: 20,
  maxUploads: 400_000,
  timed: true,
  subjects: ["fastify", "sluice"],
  base: "fastify",
} as const;

export const deliveryScenarios = {
  "cold-webp": {
    title: "12 megapixels to a WebP of 400 px, not cached, 4 at once",
    ...{ ...cold, picture: "webp", subjects: ["sharp", "sluice", "ipx"], base: "sharp" },
    budgets: [
      { of: "sharp", rate: 0.92 },
      { of: "ipx", rate: 1 },
    ],
  },
  "cold-jpeg": {
    title: "12 megapixels to a JPEG of 400 px, not cached, 4 at once",
    ...{ ...cold, picture: "jpeg", subjects: ["sharp", "sluice"], base: "sharp" },
    budgets: [{ of: "sharp", rate: 0.92 }],
  },
  "cached-1": { title: "A cached picture, one at a time", atOnce: 1, warmUp: 2_000, ...cached },
  "cached-32": { title: "A cached picture, 32 at once", atOnce: 32, warmUp: 4_000, ...cached },
  "cached-256": { title: "A cached picture, 256 at once", atOnce: 256, warmUp: 4_000, ...cached },
  "renders-256": {
    title: "256 pictures that aren't cached, all at once, from a fresh server",
    ...{ picture: "webp", atOnce: 256, distinct: allDistinct, warmUp: 0, maxUploads: 256, timed: false, memory: true },
    ...{ subjects: ["sharp", "sluice", "ipx"], base: "sharp" },
  },
  "uploads-beside-renders": {
    title: "Uploads of 100 KiB, 8 at once, beside pictures that wait to be made",
    ...{ picture: "webp", atOnce: 64, distinct: allDistinct, warmUp: 500, maxUploads: 20_000, timed: true },
    ...{ stores: { fileBytes: 100 * 1024, atOnce: 8 }, subjects: ["sluice", "sluice-rendering"], base: "sluice" },
  },
} as const satisfies Record<string, DeliveryScenario>;

export type DeliveryScenarioName = keyof typeof deliveryScenarios;
