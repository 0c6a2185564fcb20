import type { EventType } from "@sluice/protocol/schemas";

/** The events that endpoints can be told of (docs/protocol/webhooks-and-extensions.md §5), and when each happens. */
export const eventTypes = {
  "file.created": "an upload stored a file under a new path",
  "file.updated": "a file's attributes changed, or another version became the current one",
  "file.deleted": "a file was deleted, with all its versions",
  "file-version.created": "a file got a new version; the one before is kept",
  "file-version.deleted": "an old version was deleted",
  "sluice.trash.added": "a file was put into the trash; `file.deleted` tells of it as well",
  "sluice.trash.restored": "a file was taken out of the trash",
  "sluice.trash.deleted": "a file in the trash was deleted for good",
  "upload.pre-transform.success": "a file was stored as the pre-transformation of its upload made it",
  "upload.pre-transform.error": "the pre-transformation of a video failed, and nothing was stored",
  "upload.post-transform.success": "a post-transformation of an upload is made and is served from now on",
  "upload.post-transform.error": "a post-transformation of an upload failed; the file is there",
  "video.transformation.accepted": "a URL asked for a video that isn't encoded yet; a job encodes it",
  "video.transformation.ready": "a video that a URL asked for is encoded and is served from now on",
  "video.transformation.error": "a video that a URL asked for could not be encoded",
} as const satisfies Readonly<Record<EventType, string>>;

export type { EventType };

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(eventTypes, text);
}
