/**
 * The maximum sizes of a file, in bytes. The file's content decides which limit applies (docs/protocol/upload.md §14).
 */
export interface FileSizeLimits {
  readonly file: number;
  readonly video: number;
}

/** The size that a file of this kind may have. */
export function limitOf(sizes: FileSizeLimits, kind: string | undefined): number {
  return kind === "video" ? sizes.video : sizes.file;
}

/** The largest size that a file of any kind may have. */
export function largestFile({ file, video }: FileSizeLimits): number {
  return Math.max(file, video);
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
