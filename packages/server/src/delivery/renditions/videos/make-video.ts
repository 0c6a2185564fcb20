import { rm } from "node:fs/promises";
import type { Logger } from "pino";
import { viewerOfServer } from "../../../access/viewer.ts";
import { accountParty } from "../../../concurrency/fair-line.ts";
import type { Database } from "../../../database/database.ts";
import { findAccount } from "../../../database/repositories/accounts.ts";
import { findDeliverableVersion } from "../../../database/repositories/deliverables.ts";
import type { VideoState } from "../../../events/video-events.ts";
import { recordVideo } from "../../../events/video-events.ts";
import { describeFailure } from "../../../jobs/describe-failure.ts";
import type { ReportProgress } from "../../../jobs/progress/report-progress.ts";
import { whileWanted } from "../../../jobs/while-wanted.ts";
import { MediaError, mayPass } from "../../../media/media-error.ts";
import type { VideoSource } from "../../../media/video/open-locally.ts";
import type { VideoEngine } from "../../../media/video/video-engine.ts";
import { passOverRefusal } from "../../refusals/refusal.ts";
import type { KeptRendition } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { askedAgain } from "../later/asked-again.ts";
import type { AskedLater } from "../later/later-job.ts";
import { keepFailure } from "../later/remembered-failures.ts";
import { storedSource } from "../pictures/render-picture.ts";
import type { DrawDeps } from "./draw-for-video.ts";
import { layerSupplies } from "./layer-supplies.ts";
import { type VideoDeps, videoRendition } from "./video-rendition.ts";

export interface MakeVideoDeps extends VideoDeps, DrawDeps {
  readonly blobs: DrawDeps["blobs"];
  readonly database: DrawDeps["database"] & Pick<Database, "reader" | "run">;
  readonly derived: Pick<RenditionCache, "find" | "seek" | "put" | "newFile">;
  readonly videos: Pick<VideoEngine, "limits" | "program" | "encode" | "probe">;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Encodes the video that a URL asks for, unless any node has done so. Nobody sees it before it is whole.
 * @param isLast whether this is the last attempt; if it fails as well, the failure is remembered
 * @throws errors that may pass by themselves
 */
export async function makeVideo(
  deps: MakeVideoDeps,
  job: AskedLater,
  { isLast, report }: { readonly isLast: boolean; readonly report: ReportProgress },
  signal: AbortSignal,
): Promise<void> {
  const { derived, videos, now } = deps;
  const { reader } = deps.database;
  const [account, version] = await Promise.all([
    findAccount(reader, { id: job.accountId }),
    findDeliverableVersion(reader, viewerOfServer(job.accountId), job.versionId),
  ]);
  if (account?.status !== "active" || version === undefined) return;
  const asked = await askedAgain(reader, account, version, job).catch(passOverRefusal);
  const rendition = asked && videoRendition(deps, asked);
  if (asked === undefined || rendition === undefined || asked.rendition.kind === "original") return;
  const { key } = rendition;
  const { accountId, told } = job;
  const tell = async (state: VideoState): Promise<void> => {
    if (told !== undefined) await deps.database.run(recordVideo, { accountId, told, state, now: now() });
  };
  const metadataOf = async (made: VideoSource) => {
    // What has taken hours to make isn't given up because a busy machine can't read its facts.
    const facts = await videos.probe(made, { signal }).catch((error: unknown) => {
      if (error instanceof MediaError) return undefined;
      throw error;
    });
    const { duration = 0, width = 0, height = 0, bitRate = 0 } = facts ?? {};
    return { duration, width, height, bitrate: Math.round(bitRate) };
  };
  const kept = await derived.seek(key, signal);
  if (kept !== undefined) {
    // Another job has made it, or a run of this one that ended before it told so. Nobody knows how long that took.
    if (told?.endId !== undefined) {
      await tell({ kind: "ready", encodingMs: 0, metadata: await metadataOf(sourceOf(kept)) });
    }
    return;
  }
  const path = await derived.newFile();
  try {
    const onProgress = (fraction: number): void => report(accountId, { fraction, message: `Encoding ${version.name}` });
    const task = {
      transformation: asked.rendition.transformation,
      target: path,
      layers: layerSupplies(deps, asked),
      onProgress,
      ...(version.kind === "picture" && { frames: version.pages ?? 1 }),
    };
    const began = performance.now();
    const party = accountParty(accountId);
    const encode = (stop: AbortSignal) =>
      videos.encode(storedSource(deps.blobs, version), task, { signal: stop, party });
    const isWanted = async () =>
      (await findDeliverableVersion(reader, viewerOfServer(accountId), job.versionId)) !== undefined;
    const encoded = await whileWanted(isWanted, encode, signal);
    if (encoded === undefined || !(await isWanted())) return;
    const encodingMs = performance.now() - began;
    const metadata = await metadataOf(path);
    await derived.put(key, { path, ...encoded });
    await tell({ kind: "ready", encodingMs, metadata });
  } catch (error) {
    signal.throwIfAborted();
    // Another node may have FFmpeg where this one has none.
    const isFinal = error instanceof MediaError && (error.exhausted || !mayPass(error)) && error.code !== "EFFMPEG";
    if (!isFinal && !isLast) throw error;
    deps.logger.warn({ id: key, versionId: version.id, error: describeFailure(error) }, "a video was not encoded");
    await keepFailure(derived, version, key, now());
    await tell({ kind: "failed", reason: isFinal ? "encoding_failed" : "internal_server_error" });
  } finally {
    await rm(path, { force: true });
  }
}

/** A kept video, as the engine reads it. */
function sourceOf(kept: KeptRendition): VideoSource {
  if (kept.data !== undefined) return Buffer.from(kept.data);
  return { path: undefined, size: kept.size, open: (opened) => kept.open(undefined, opened) };
}
