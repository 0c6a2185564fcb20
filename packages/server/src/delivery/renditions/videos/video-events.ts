import type { Connection } from "../../../database/database.ts";
import { findEventContext } from "../../../events/event-context.ts";
import { type NewEvent, recordEvent } from "../../../events/record-event.ts";
import type { VideoOutput } from "../../../media/video/video-request.ts";

/** The request that asked for a video first, as endpoints are told of it. Plain data. */
export interface VideoAsker {
  readonly requestId: string;
  readonly url: string;
  readonly userAgent?: string;
  /** The URL of the file itself. */
  readonly assetUrl: string;
  /** The address under which clients reach this server. */
  readonly publicUrl: string;
  readonly type: "video-transformation" | "gif-to-video";
  readonly output: Pick<VideoOutput, "container" | "quality"> & {
    readonly video?: VideoOutput["video"];
    readonly audio?: VideoOutput["audio"];
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
  readonly asker: VideoAsker;
  readonly state: VideoState;
  readonly now: number;
}

/** Tells the account's endpoints how far a video is (docs/protocol/webhooks-and-extensions.md §5). */
export async function recordVideo(connection: Connection, { accountId, asker, state, now }: VideoNews): Promise<void> {
  const context = await findEventContext(connection, accountId, asker.publicUrl);
  await recordEvent(connection, context, eventOf(asker, state), now);
}

function eventOf(asker: VideoAsker, state: VideoState): NewEvent {
  const { requestId, url, userAgent, assetUrl, type, output } = asker;
  const request = { x_request_id: requestId, url, ...(userAgent !== undefined && { user_agent: userAgent }) };
  const options = {
    format: output.container,
    ...(output.video !== undefined && { video_codec: output.video }),
    ...(output.audio !== undefined && { audio_codec: output.audio }),
    quality: output.quality,
    auto_rotate: true,
  };
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
