import { SluiceError } from "@sluice/protocol";
import type { PostType } from "../../../delivery/post-transformations/post-transformation.ts";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import type { UploadTransformation } from "../../resolve/parameters/transformation.ts";

interface Fitting {
  /** The files that the transformation is for, as the help calls them. */
  readonly wanted: string;
  readonly fits: (media: MediaFacts) => boolean;
  /** Whether the result is a video, or is made from a video. */
  readonly video: (media: MediaFacts) => boolean;
}

const always = (): boolean => true;
const isVideo = ({ kind }: MediaFacts): boolean => kind === "video";

const fittings: Readonly<Record<PostType, Fitting>> = {
  transformation: { wanted: "images and videos", fits: always, video: isVideo },
  "gif-to-video": { wanted: "GIFs", fits: ({ mime }) => mime === "image/gif", video: always },
  thumbnail: { wanted: "videos", fits: isVideo, video: always },
  abs: { wanted: "videos", fits: isVideo, video: always },
};

/**
 * Checks the requested transformations against the kind of file that came (docs/protocol/upload.md §9).
 * @param hasFfmpeg whether videos can be read here
 * @throws SluiceError TRANSFORMATION_NOT_FOR_FILE, POST_TRANSFORMATION_UNFIT, PARAMETER_NOT_SUPPORTED
 */
export function fitMedia({ pre, post }: UploadTransformation, media: MediaFacts, hasFfmpeg: boolean): void {
  const { mime, kind } = media;
  if (kind !== "picture" && kind !== "video") throw new SluiceError("TRANSFORMATION_NOT_FOR_FILE", { mime });
  const entries = post.map(({ type }, index) => ({ type, entry: `post[${index}]`, ...fittings[type] }));
  const unfit = entries.find(({ fits }) => !fits(media));
  if (unfit !== undefined) throw new SluiceError("POST_TRANSFORMATION_UNFIT", { ...unfit, mime });
  if (pre !== undefined && kind === "video" && !hasFfmpeg) throw unsupported("pre of videos, which needs FFmpeg");
  const unbuilt = entries.find(({ type, video }) => type === "abs" || (!hasFfmpeg && video(media)));
  if (unbuilt === undefined) return;
  const why = unbuilt.type === "abs" ? "" : ", which needs FFmpeg";
  throw unsupported(`${unbuilt.entry}, ${unbuilt.type} of ${unbuilt.wanted}${why}`);
}

function unsupported(what: string): SluiceError {
  return new SluiceError("PARAMETER_NOT_SUPPORTED", { parameter: `transformation (${what})` });
}
