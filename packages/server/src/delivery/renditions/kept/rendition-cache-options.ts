import type { RenditionFolder } from "./rendition-folder.ts";
import type { SharedTier } from "./shared-tier.ts";

/** The sources of derived files that the metrics count. */
export type RenditionSource = "memory" | "disk" | "shared" | "made";

export interface RenditionCacheOptions {
  readonly folder: RenditionFolder;
  /** The tier with the derived files that other nodes have made, if the storage has one. */
  readonly shared?: SharedTier | undefined;
  /** Limit in bytes for the files in memory, and again for the files that wait to be written to disk. */
  readonly memoryBytes: number;
  /** Limit in bytes on disk, for all processes that share the folder together. */
  readonly diskBytes: number;
  /** The number of processes that share the folder. */
  readonly processes?: number;
  readonly count: (source: RenditionSource) => void;
  /** Called when the disk fails. The requests are answered all the same. */
  readonly troubled: (error: unknown) => void;
  readonly now?: () => number;
}
