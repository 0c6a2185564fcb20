/**
 * The maximum sizes of a file, in bytes. The file's content decides which limit applies (docs/protocol/upload.md §14).
 */
export interface FileSizeLimits {
  readonly file: number;
  readonly video: number;
}

/** A limit of the size of a file, as a refusal tells it. */
export interface SizeLimit {
  /** The largest size in bytes. */
  readonly limit: number;
  /** The origin of the limit, as the end of a sentence. */
  readonly setBy: string;
}

const settingOf = { file: "--max-file-size", video: "--max-video-size" } as const;

/** The size that a file of this kind may have. */
export function limitOf(sizes: FileSizeLimits, kind: string | undefined): SizeLimit {
  const name = kind === "video" ? "video" : "file";
  return { limit: sizes[name], setBy: `the server's setting ${settingOf[name]} (or its --plan)` };
}

/** The size that a file of any kind may have. */
export function largestLimit(sizes: FileSizeLimits): SizeLimit {
  return limitOf(sizes, sizes.video > sizes.file ? "video" : undefined);
}

/** The largest size in bytes that a file of any kind may have. */
export function largestFile(sizes: FileSizeLimits): number {
  return largestLimit(sizes).limit;
}

const MiB = 1024 * 1024;

export const plans = {
  default: { file: 25 * MiB, video: 300 * MiB },
  free: { file: 25 * MiB, video: 25 * MiB },
  lite: { file: 40 * MiB, video: 300 * MiB },
  pro: { file: 50 * MiB, video: 2048 * MiB },
  unlimited: { file: Number.POSITIVE_INFINITY, video: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, FileSizeLimits>;

export type PlanName = keyof typeof plans;

export function isPlanName(text: string): text is PlanName {
  return Object.hasOwn(plans, text);
}
