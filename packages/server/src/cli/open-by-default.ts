import type { OpenAccounts } from "../accounts/open-accounts.ts";
import type { Config } from "../config/config.ts";
import { isLoopback, isReachedFromElsewhere } from "../config/resolve-config.ts";

/** The largest number of accounts that are named, since people read only a short line. */
const maxNames = 3;

/**
 * Lists the things that strangers may do on a server that they can reach: one line for each thing, with the switch that
 * turns it off.
 */
export function openByDefault(config: Config, { v1Uploads, privateThumbnails }: OpenAccounts): string[] {
  const lines: string[] = [];
  if (metricsAreOpen(config)) {
    lines.push("metrics: anybody reads /metrics; --metrics-token has them asked for a token");
  }
  if (!isReachedFromElsewhere(config)) return lines;
  if (v1Uploads.length > 0) {
    const others = v1Uploads.filter((name) => name !== config.imagekitId);
    const switches = [
      ...(others.length < v1Uploads.length ? ["--no-v1-uploads"] : []),
      ...(others.length > 0 ? [`sluice account set ${argumentFor(others)} --v1-uploads off`] : []),
    ];
    lines.push(
      `V1 uploads: a V1 signature, which locks no parameter, admits uploads into ${listNames(v1Uploads)}; ${switches.join(" and ")} refuses them`,
    );
  }
  if (privateThumbnails.length > 0) {
    lines.push(
      `thumbnails: anybody who knows the path of a private image or PDF sees a small picture of it, by tr:n-ik_ml_thumbnail, in ${listNames(privateThumbnails)}; sluice account set ${argumentFor(privateThumbnails)} --private-thumbnails signed has them signed`,
    );
  }
  return lines;
}

/** One line, said once, for the accounts that keep what an earlier version showed to everybody. */
export function formerDefaults(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `thumbnails of private images and PDFs stay open to everybody in ${listNames(names)}, as this version found them; new accounts have them signed, and sluice account set ${argumentFor(names)} --private-thumbnails signed does that here (said once)`,
  ];
}

/** Metrics on a port of their own are reached at that port's address, whatever the server's is. */
function metricsAreOpen(config: Config): boolean {
  const { metricsToken, metricsListen } = config;
  if (metricsToken !== undefined) return false;
  return metricsListen === undefined ? isReachedFromElsewhere(config) : !isLoopback(metricsListen.host);
}

function argumentFor(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : "<imagekitId>";
}

function listNames(names: readonly string[]): string {
  const more = names.length - maxNames;
  return more > 0 ? `${names.slice(0, maxNames).join(", ")} and ${more} more` : names.join(", ");
}
