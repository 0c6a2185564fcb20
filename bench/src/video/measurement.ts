import type { CoresUsage } from "./watch-cores.ts";

/** One run of a subject. */
export interface VideoMeasurement extends CoresUsage {
  /** The milliseconds of each request, by their kind. */
  readonly latencies: Readonly<Record<string, readonly number[]>>;
  readonly meanwhile: Meanwhile;
}

/** The numbers of stills that were answered beside what is measured, and that were refused because too many waited. */
export interface Meanwhile {
  readonly stills: number;
  readonly refused: number;
}
