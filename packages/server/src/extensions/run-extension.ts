import { SluiceError } from "@sluice/protocol";
import { viewerOfServer } from "../access/viewer.ts";
import { accountParty } from "../concurrency/fair-line.ts";
import { type AssetRow, findVersionById } from "../database/repositories/assets.ts";
import { type ExtensionRunRow, findExtensionRun, findVersionContent } from "../database/repositories/extension-runs.ts";
import type { ExtensionError } from "../events/record-event.ts";
import { describeFailure } from "../jobs/describe-failure.ts";
import type { UnsecuredContent } from "../library/content/secure-blob.ts";
import { checkCustomMetadata, requiredDefaults } from "../library/custom-metadata/check-values.ts";
import type { CustomField } from "../library/custom-metadata/field.ts";
import { findThumbnailKey } from "../library/files/asset-url.ts";
import { enterVersion } from "../library/versions/enter-version.ts";
import { inspectMedia } from "../media/inspect/inspect-media.ts";
import { MediaError } from "../media/media-error.ts";
import { RemoteError } from "../network/remote-error.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import type { ExtensionDeps } from "./deps.ts";
import type { ApplyExtensionOutcome, ApplyExtensionProblem, ExtensionChanges } from "./end-transaction.ts";
import { applyExtension, failExtension } from "./end-transaction.ts";
import type { Extension } from "./extension.ts";
import type { Scalar } from "./parse/ai-tasks.ts";
import { ExtensionFailure, type ExtensionResult, type ExtensionTask } from "./provider.ts";

export type RunDeps = Pick<
  ExtensionDeps,
  "blobs" | "config" | "customFields" | "database" | "extensions" | "logger" | "now" | "scanner"
> & { readonly images: Pick<ExtensionDeps["images"], "readHeader"> };

/** The run of an extension that a request asked for and that has not ended. */
export interface ExtensionRun {
  readonly id: string;
  readonly accountId: string;
  readonly fileId: string;
  readonly versionId: string;
  readonly extension: Extension;
  readonly webhookUrl: string | null;
  readonly publicUrl: string;
  readonly imagekitId: string;
  /** The details of the version that the `webhookUrl` isn't told, apart from what the extension has changed in them. */
  readonly withheld?: readonly string[] | undefined;
}

export interface RunOptions {
  /** Whether a request waits for the result. Its answer then reports the result, and `webhookUrl` is not told. */
  readonly awaited: boolean;
  /** Whether this is the last attempt. An error that would otherwise be retried then ends the run as failed. */
  readonly final: boolean;
}

export function runOf(row: ExtensionRunRow): ExtensionRun {
  return {
    id: row.id,
    accountId: row.account_id,
    fileId: row.file_id,
    versionId: row.version_id,
    extension: { name: row.name, options: JSON.parse(row.options) },
    webhookUrl: row.webhook_url,
    publicUrl: row.public_url,
    imagekitId: row.imagekit_id,
    withheld: row.withheld === null ? undefined : JSON.parse(row.withheld),
  };
}

/** Does the job `run-extension`. A run that has already ended is left as it is. */
export async function runExtensionJob(
  services: RunDeps,
  runId: string,
  final: boolean,
  signal: AbortSignal,
): Promise<void> {
  const row = await findExtensionRun(services.database.reader, runId);
  if (row !== undefined) await runExtension(services, runOf(row), { awaited: false, final }, signal);
}

/**
 * Makes one attempt at a run, and applies the result or records the failure.
 * @returns undefined when the run had ended before, or its version is gone
 * @throws errors that are worth another attempt, unless this is the last attempt
 */
export async function runExtension(
  services: RunDeps,
  run: ExtensionRun,
  options: RunOptions,
  signal: AbortSignal,
): Promise<"success" | "failed" | undefined> {
  try {
    const { outcome } = await perform(services, run, options, signal);
    if (outcome === "applied") return "success";
    if (outcome === "ended before" || outcome === "no version") return undefined;
    throw problemOf(outcome);
  } catch (error) {
    if (!options.final && !(error instanceof ExtensionFailure)) throw error;
    // A requested abort is no failure of the extension: another attempt continues the run.
    if (signal.aborted && !(error instanceof ExtensionFailure)) throw error;
    const told: ExtensionError =
      error instanceof ExtensionFailure ? error.toJSON() : { reason: "PROVIDER_FAILED", message: lastProblem(error) };
    return (await endAsFailed(services, run, told, options.awaited, error)) ? "failed" : undefined;
  }
}

/**
 * The message for the client that asked for the extension. Only the provider's own errors are quoted, because other
 * errors may name hosts, paths or tables of this server.
 */
function lastProblem(error: unknown): string {
  const failed = "The provider of the extension could not do it, however often it was asked.";
  const isTold = error instanceof RemoteError || error instanceof MediaError;
  return isTold ? `${failed} The last time: ${error.message}` : failed;
}

function targetOf({ id: runId, extension: { name }, accountId, versionId, webhookUrl }: ExtensionRun) {
  return { runId, name, accountId, versionId, webhookUrl };
}

/**
 * Ends a run as failed. The failure is logged as well, because not every request for an extension names a `webhookUrl`.
 * @returns false when the run had ended before
 */
export async function endAsFailed(
  { database, logger, now }: Pick<RunDeps, "database" | "logger" | "now">,
  run: ExtensionRun,
  error: ExtensionError,
  awaited: boolean,
  cause?: unknown,
): Promise<boolean> {
  if (!(await database.run(failExtension, { ...targetOf(run), fileId: run.fileId, awaited, error, now: now() })))
    return false;
  const { reason, message } = error;
  const { id, versionId, extension } = run;
  const details = cause === undefined || cause instanceof ExtensionFailure ? {} : { cause: describeCauses(cause) };
  logger.warn(
    { id, versionId, extension: extension.name, reason, error: message, ...details },
    "an extension has failed",
  );
  return true;
}

/** Describes an error with its cause. For an answer with an error status, the cause is what the endpoint said. */
function describeCauses(error: unknown): string {
  const came = error instanceof Error && error.cause !== undefined ? ` (${describeFailure(error.cause)})` : "";
  return `${describeFailure(error)}${came}`;
}

async function perform(
  services: RunDeps,
  run: ExtensionRun,
  { awaited, final }: RunOptions,
  signal: AbortSignal,
): Promise<ApplyExtensionOutcome> {
  const { reader } = services.database;
  const asset = await findVersionById(reader, viewerOfServer(run.accountId), run.versionId);
  const content = await findVersionContent(reader, run.versionId);
  const endpoint = { publicUrl: run.publicUrl, imagekitId: run.imagekitId };
  const storageLimit = services.config.limits.storageBytes;
  const target = { ...targetOf(run), endpoint, withheld: run.withheld, storageLimit, awaited };
  const apply = (changes: ExtensionChanges) =>
    services.database.run(applyExtension, { ...target, changes, now: services.now() });
  // The version is gone, so its run ends.
  if (asset === undefined || content === undefined) return apply({});
  const provider = services.extensions.find(run.extension.name);
  if (provider === undefined) {
    // Another node may have another configuration, with a provider.
    if (!final) throw new Error(`this node has no provider of ${run.extension.name}`);
    throw new ExtensionFailure("NO_PROVIDER", "This server has nobody any more who does this extension.");
  }
  const thumbnailKey = await findThumbnailKey(reader, run.accountId, [asset], services.now());
  const task: ExtensionTask = {
    runId: run.id,
    extension: run.extension,
    asset,
    endpoint: { ...endpoint, thumbnailKey },
    awaited,
    read: (opened) => services.blobs.read(content.storage_key, undefined, opened),
  };
  return provider.run(task, (result) => applyResult(services, asset, result, apply, signal), signal);
}

async function applyResult(
  services: RunDeps,
  asset: AssetRow,
  { customMetadata, selections, version, ...others }: ExtensionResult,
  apply: (changes: ExtensionChanges) => Promise<ApplyExtensionOutcome>,
  signal: AbortSignal,
): Promise<ApplyExtensionOutcome> {
  const given = customMetadata !== undefined || selections !== undefined;
  const changes = {
    ...others,
    ...(given && {
      customMetadata: await holdAgainstFields(services, asset.account_id, customMetadata ?? {}, selections ?? {}),
    }),
  };
  return version === undefined ? apply(changes) : applyVersion(services, asset, version, apply, signal);
}

async function holdAgainstFields(
  { customFields }: RunDeps,
  accountId: string,
  given: NonNullable<ExtensionResult["customMetadata"]>,
  selections: NonNullable<ExtensionResult["selections"]>,
): Promise<NonNullable<ExtensionChanges["customMetadata"]>> {
  const fields = await customFields.of(accountId);
  try {
    const chosen = Object.entries(selections).map(
      ([name, values]) => [name, chosenValue(fields, name, values)] as const,
    );
    const values = { ...given, ...Object.fromEntries(chosen) };
    return { change: checkCustomMetadata(fields, values), defaults: requiredDefaults(fields) };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const details = Object.entries(error.errors ?? {}).map(([name, problem]) => `${name}: ${problem}`);
    const message = ["The result's custom metadata does not fit the account's fields.", ...details].join(" ");
    throw new ExtensionFailure("CUSTOM_METADATA_INVALID", message.slice(0, 1000), { cause: error });
  }
}

function chosenValue(fields: readonly CustomField[], name: string, values: readonly Scalar[]): unknown {
  const takesSeveral = fields.find((field) => field.name === name)?.schema.type === "MultiSelect";
  return takesSeveral || values.length !== 1 ? values : values[0];
}

/** Scans a file from a provider for viruses like an upload, because the provider may have been compromised. */
async function scan({ scanner }: RunDeps, file: SpooledFile, signal: AbortSignal): Promise<void> {
  try {
    await scanner.scan(file, signal);
  } catch (error) {
    const infected = error instanceof SluiceError && error.reason === "FILE_INFECTED";
    throw infected ? new ExtensionFailure("FILE_INFECTED", error.message, { cause: error }) : error;
  }
}

async function applyVersion(
  services: RunDeps,
  { account_id: accountId, name: fileName }: AssetRow,
  { file: spooled, head }: NonNullable<ExtensionResult["version"]>,
  apply: (changes: ExtensionChanges) => Promise<ApplyExtensionOutcome>,
  signal: AbortSignal,
): Promise<ApplyExtensionOutcome> {
  await scan(services, spooled, signal);
  const { readHeader } = services.images;
  const party = accountParty(accountId);
  const media = await inspectMedia({ ...spooled, head, fileName, readHeader, signal, party });
  const result = await enterVersion(
    services,
    { accountId, spooled },
    async (version) => {
      const applied = await apply({ version: { ...version, media } });
      return applied.outcome === "applied" ? { outcome: "stored", asset: applied.asset } : applied;
    },
    signal,
  );
  return result.outcome === "stored" ? { ...result, outcome: "applied" } : result;
}

type Problem = readonly [reason: string, message: string];

const problems: Readonly<Record<ApplyExtensionProblem, Problem>> = {
  superseded: ["SUPERSEDED", "The file has a newer version than the one that the extension was asked for."],
  "storage limit": ["STORAGE_LIMIT_EXCEEDED", "With the result the account would store more than it may."],
  "version limit": ["VERSION_LIMIT_EXCEEDED", "The file has as many versions as it may have."],
  "tags too long": ["TAGS_TOO_LONG", "With the result the file's tags would be too long."],
  "too many values": ["TOO_MANY_CUSTOM_VALUES", "With the result the file would have too many custom metadata values."],
  "too many bytes": ["CUSTOM_METADATA_TOO_LARGE", "With the result the file's custom metadata would be too large."],
};

function problemOf(problem: ApplyExtensionProblem | UnsecuredContent["outcome"]): Error {
  // `enterVersion` has already retried a version that could not secure its content, and ended with an error.
  if (problem === "blob changed" || problem === "blob too old") return new Error(`a new version's ${problem}`);
  return new ExtensionFailure(...problems[problem]);
}
