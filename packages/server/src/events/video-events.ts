import type { Connection } from "../database/database.ts";
import { findEventContext } from "./event-context.ts";
import { type NewEvent, recordEvent } from "./record-event.ts";

/** The request that was the first to ask for a video, and what it asked for. Plain data. */
export interface ToldRequest {
  readonly requestId: string;
  readonly url: string;
  readonly userAgent?: string;
  /** The id of the event that will tell how it ended, so that it is told once. Jobs of earlier versions have none. */
  readonly endId?: string;
  /** The URL of the file itself. */
  readonly assetUrl: string;
  /** The address under which clients reach this server. */
  readonly publicUrl: string;
  readonly type: "video-transformation" | "gif-to-video";
  readonly options: {
    readonly format: "mp4" | "webm";
    readonly video_codec?: "h264" | "vp9" | "av1";
    readonly audio_codec?: "aac" | "opus";
    readonly quality: number;
    readonly auto_rotate: boolean;
  };
}

/** How far a video is. Plain data. */
export type VideoState =
  | { readonly kind: "accepted" }
  | { readonly kind: "failed"; readonly reason: "encoding_failed" | "internal_server_error" }
  | {
      readonly kind: "ready";
      readonly encodingMs: number;
      readonly metadata: {
        readonly duration: number;
        readonly width: number;
        readonly height: number;
        readonly bitrate: number;
      };
    };

export interface VideoNews {
  readonly accountId: string;
  readonly told: ToldRequest;
  readonly state: VideoState;
  readonly now: number;
}

/** Tells the account's endpoints how far a video is (docs/protocol/webhooks-and-extensions.md §5). */
export async function recordVideo(connection: Connection, { accountId, told, state, now }: VideoNews): Promise<void> {
  const context = await findEventContext(connection, accountId, told.publicUrl);
  const id = state.kind === "accepted" ? undefined : told.endId;
  await recordEvent(connection, context, { ...(id !== undefined && { id }), ...eventOf(told, state) }, now);
}

function eventOf(told: ToldRequest, state: VideoState): NewEvent {
  const { requestId, url, userAgent, assetUrl, type, options } = told;
  const request = { x_request_id: requestId, url, ...(userAgent !== undefined && { user_agent: userAgent }) };
  const asset = { url: assetUrl };
  const transformation = { type, options };
  switch (state.kind) {
    case "accepted":
      return { type: "video.transformation.accepted", request, data: () => ({ asset, transformation }) };
    case "failed": {
      const error = { reason: state.reason };
      const data = () => ({ asset, transformation: { ...transformation, error } });
      return { type: "video.transformation.error", request, data };
    }
    case "ready": {
      const made = { url, video_metadata: state.metadata };
      return {
        type: "video.transformation.ready",
        request,
        timings: { download_duration: 0, encoding_duration: Math.round(state.encodingMs) },
        data: () => ({ asset, transformation: { ...transformation, output: made } }),
      };
    }
  }
}
