import { type TProperties, type TSchema, Type } from "typebox";
import { ExtensionError } from "./extension.ts";
import { FileObject } from "./file.ts";
import { type Shape, Timestamp } from "./shape.ts";
import { TrashedFileFacts } from "./trash.ts";
import { PostTransformation, UploadResponse } from "./upload.ts";

/*
 * What an account's webhooks are told of (docs/protocol/webhooks-and-extensions.md §5), and what the `webhookUrl` of a
 * request is told of (§3).
 */

function event<Name extends string, Data extends TSchema, Members extends TProperties>(
  type: Name,
  data: Data,
  members: Members,
) {
  return Type.Object({ id: Type.String(), type: Type.Literal(type), created_at: Timestamp, ...members, data });
}

const PreRequest = Type.Object({ x_request_id: Type.String(), transformation: Type.String() });
const PostRequest = Type.Object({ x_request_id: Type.String(), transformation: PostTransformation });
const Failure = Type.Object({ error: Type.Object({ reason: Type.String() }) });
const PostTransformed = { fileId: Type.String(), url: Type.String(), name: Type.String() };

const VideoRequest = Type.Object({
  x_request_id: Type.String(),
  url: Type.String(),
  user_agent: Type.Optional(Type.String()),
});
const VideoOptions = Type.Object({
  video_codec: Type.Optional(Type.Enum(["h264", "vp9", "av1"])),
  audio_codec: Type.Optional(Type.Enum(["aac", "opus"])),
  format: Type.Enum(["mp4", "webm"]),
  quality: Type.Integer(),
  auto_rotate: Type.Boolean(),
});
const VideoTransformation = { type: Type.Enum(["video-transformation", "gif-to-video"]), options: VideoOptions };
const VideoAsset = Type.Object({ url: Type.String() });
const VideoOutput = Type.Object({
  url: Type.String(),
  video_metadata: Type.Object({
    duration: Type.Number({ description: "In seconds." }),
    width: Type.Integer(),
    height: Type.Integer(),
    bitrate: Type.Integer({ description: "In bits per second." }),
  }),
});

export const webhookEvents = {
  "file.created": event("file.created", FileObject, {}),
  "file.updated": event("file.updated", FileObject, {}),
  "file.deleted": event("file.deleted", Type.Object({ fileId: Type.String() }), {}),
  "file-version.created": event("file-version.created", FileObject, {}),
  "file-version.deleted": event(
    "file-version.deleted",
    Type.Object({ fileId: Type.String(), versionId: Type.String() }),
    {},
  ),
  "sluice.trash.added": event("sluice.trash.added", TrashedFileFacts, {}),
  "sluice.trash.restored": event(
    "sluice.trash.restored",
    Type.Object({ fileId: Type.String(), restoredFileId: Type.String(), filePath: Type.String() }),
    {},
  ),
  "sluice.trash.deleted": event(
    "sluice.trash.deleted",
    Type.Object({ fileId: Type.String(), filePath: Type.String() }),
    {},
  ),
  "upload.pre-transform.success": event("upload.pre-transform.success", UploadResponse, { request: PreRequest }),
  "upload.pre-transform.error": event(
    "upload.pre-transform.error",
    Type.Object({ name: Type.String(), path: Type.String(), transformation: Failure }),
    { request: PreRequest },
  ),
  "upload.post-transform.success": event("upload.post-transform.success", Type.Object(PostTransformed), {
    request: PostRequest,
  }),
  "upload.post-transform.error": event(
    "upload.post-transform.error",
    Type.Object({ ...PostTransformed, path: Type.String(), transformation: Failure }),
    { request: PostRequest },
  ),
  "video.transformation.accepted": event(
    "video.transformation.accepted",
    Type.Object({ asset: VideoAsset, transformation: Type.Object(VideoTransformation) }),
    { request: VideoRequest },
  ),
  "video.transformation.ready": event(
    "video.transformation.ready",
    Type.Object({
      asset: VideoAsset,
      transformation: Type.Object({ ...VideoTransformation, output: VideoOutput }),
    }),
    {
      request: VideoRequest,
      timings: Type.Object(
        { download_duration: Type.Integer(), encoding_duration: Type.Integer() },
        { description: "In milliseconds. What was read is part of the encoding." },
      ),
    },
  ),
  "video.transformation.error": event(
    "video.transformation.error",
    Type.Object({
      asset: VideoAsset,
      transformation: Type.Object({
        ...VideoTransformation,
        error: Type.Object({ reason: Type.Enum(["encoding_failed", "download_failed", "internal_server_error"]) }),
      }),
    }),
    { request: VideoRequest },
  ),
};

export type EventType = keyof typeof webhookEvents;

/** The body of a webhook, by the type of its event. */
export type WebhookEvents = { readonly [Type in EventType]: Shape<(typeof webhookEvents)[Type]> };
export type WebhookEvent = WebhookEvents[EventType];

/** The result of an extension that was `pending`: the body that a request's `webhookUrl` gets. */
export const ExtensionEnd = Type.Union([
  Type.Object({ service: Type.String(), status: Type.Literal("SUCCESS"), fileObject: FileObject }),
  Type.Object({
    service: Type.String(),
    status: Type.Literal("FAILURE"),
    fileId: Type.String(),
    error: ExtensionError,
  }),
]);
export type ExtensionEnd = Shape<typeof ExtensionEnd>;
