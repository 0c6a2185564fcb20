import { expect, test } from "vitest";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import type { UploadTransformation } from "../../resolve/parameters/transformation.ts";
import { fitMedia } from "./fit-media.ts";

const jpeg: MediaFacts = { mime: "image/jpeg", kind: "picture" };
const gif: MediaFacts = { mime: "image/gif", kind: "picture" };
const video: MediaFacts = { mime: "video/mp4", kind: "video" };
const audio: MediaFacts = { mime: "audio/mpeg", kind: "audio" };
const text: MediaFacts = { mime: "text/plain", kind: "other" };

const pre: UploadTransformation = { pre: "w-10", post: [] };
const one = (type: UploadTransformation["post"][number]["type"]): UploadTransformation => ({ post: [{ type }] });

test.each([
  [pre, jpeg, null],
  [pre, gif, null],
  [pre, video, null],
  [pre, audio, "TRANSFORMATION_NOT_FOR_FILE"],
  [pre, text, "TRANSFORMATION_NOT_FOR_FILE"],
  [{ post: [] }, text, "TRANSFORMATION_NOT_FOR_FILE"],
  [one("transformation"), jpeg, null],
  [one("transformation"), video, null],
  [one("transformation"), text, "TRANSFORMATION_NOT_FOR_FILE"],
  [one("gif-to-video"), gif, null],
  [one("gif-to-video"), jpeg, "POST_TRANSFORMATION_UNFIT"],
  [one("gif-to-video"), video, "POST_TRANSFORMATION_UNFIT"],
  [one("thumbnail"), video, null],
  [one("thumbnail"), gif, "POST_TRANSFORMATION_UNFIT"],
  [one("abs"), video, "PARAMETER_NOT_SUPPORTED"],
  [one("abs"), jpeg, "POST_TRANSFORMATION_UNFIT"],
  [{ pre: "w-10", ...one("abs") }, jpeg, "POST_TRANSFORMATION_UNFIT"],
  // A mismatch that no server could accept is reported before a transformation that this server can't do yet.
  [{ pre: "w-10", ...one("gif-to-video") }, video, "POST_TRANSFORMATION_UNFIT"],
] as const)("%j for %j: %s", (transformation, media, reason) => {
  const judge = () => fitMedia(transformation, media, true);
  if (reason === null) expect(judge).not.toThrow();
  else expect(judge).toThrow(expect.objectContaining({ reason, status: 400 }));
});

test.each([
  [pre, video],
  [one("transformation"), video],
  [one("gif-to-video"), gif],
  [one("thumbnail"), video],
])("%j for %j needs FFmpeg", (transformation, media) => {
  const refusal = expect.objectContaining({ reason: "PARAMETER_NOT_SUPPORTED" });
  expect(() => fitMedia(transformation, media, false)).toThrow(refusal);
  expect(() => fitMedia(one("transformation"), jpeg, false)).not.toThrow();
});
