import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Metrics } from "../observability/metrics.ts";
import { clamdScanner, noScanner, type VirusScanner } from "./virus-scanner.ts";

export function openScanner(
  { clamd: address, limits }: Pick<Config, "clamd" | "limits">,
  metrics: Pick<Metrics, "virusScans">,
  logger?: Pick<Logger, "error">,
): VirusScanner {
  if (address === undefined) return noScanner;
  return clamdScanner({
    address,
    silenceMs: limits.virusScanSilenceMs,
    maxBytes: limits.virusScanBytes,
    scanMs: limits.virusScanMs,
    concurrency: limits.virusScans,
    // The number of uploads at once is already bounded.
    queueLimit: limits.uploads,
    logger,
    scanned: (outcome) => metrics.virusScans.inc({ outcome }),
  });
}
