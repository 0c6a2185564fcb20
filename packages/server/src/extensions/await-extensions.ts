import { viewerOfServer } from "../access/viewer.ts";
import { type AssetRow, findVersionById } from "../database/repositories/assets.ts";
import type { ExtensionStatus, ExtensionStatuses } from "./extension.ts";
import { type ExtensionPlan, isAwaited } from "./resolve-extensions.ts";
import { type RunDeps, runExtension } from "./run-extension.ts";
import type { NewExtensionRun } from "./start-runs.ts";

/** The part of a request's answer that concerns its extensions. */
export interface ExtensionAnswer {
  /** The asset, with the results that have been applied by then. */
  readonly asset: AssetRow;
  readonly extensionStatus?: ExtensionStatuses;
}

/** The statuses of a plan's extensions before any of them has run. */
export function firstStatuses({ names, runs }: ExtensionPlan): ExtensionStatuses {
  const hasProvider = (name: string) => runs.some(({ extension }) => extension.name === name);
  return Object.fromEntries(names.map((name) => [name, hasProvider(name) ? "pending" : "failed"]));
}

/**
 * Waits a limited time for the extensions whose results belong in the answer. The other extensions, and those that take
 * longer, are left to their jobs and stay pending. An extension without a provider has failed
 * (docs/protocol/webhooks-and-extensions.md §2, §8.4).
 */
export async function awaitExtensions(
  services: RunDeps,
  plan: ExtensionPlan | undefined,
  asset: AssetRow,
  signal: AbortSignal,
): Promise<ExtensionAnswer> {
  if (plan === undefined) return { asset };
  const patience = AbortSignal.any([signal, AbortSignal.timeout(services.config.limits.extensionWaitMs)]);
  const statuses = await Promise.all(
    plan.names.map(async (name): Promise<readonly [string, ExtensionStatus]> => {
      const run = plan.runs.find(({ extension }) => extension.name === name);
      if (run !== undefined) return [name, await tryNow(services, run, asset, patience)];
      services.logger.warn({ versionId: asset.id, extension: name, reason: "NO_PROVIDER" }, "an extension has failed");
      return [name, "failed"];
    }),
  );
  const applied = statuses.some(([, status]) => status === "success");
  return { asset: applied ? await asItIsNow(services, asset) : asset, extensionStatus: Object.fromEntries(statuses) };
}

/**
 * Reads the asset again. If the database can't be read any more, the answer still must not say that nothing was stored.
 */
async function asItIsNow({ database }: RunDeps, asset: AssetRow): Promise<AssetRow> {
  try {
    return (await findVersionById(database.reader, viewerOfServer(asset.account_id), asset.id)) ?? asset;
  } catch {
    return asset;
  }
}

async function tryNow(
  services: RunDeps,
  { id, extension, webhookUrl, publicUrl, imagekitId }: NewExtensionRun,
  { account_id: accountId, file_id: fileId, id: versionId }: AssetRow,
  signal: AbortSignal,
): Promise<ExtensionStatus> {
  if (!isAwaited(extension)) return "pending";
  const run = { id, accountId, fileId, versionId, extension, webhookUrl, publicUrl, imagekitId };
  try {
    return (await runExtension(services, run, { awaited: true, final: false }, signal)) ?? "pending";
  } catch {
    // The extension's job tries again, and reports what comes of it.
    return "pending";
  }
}
