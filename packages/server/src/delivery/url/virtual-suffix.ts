/** What makes a video of the file before it. */
const videos = ["ik-video.mp4", "ik-gif-video.mp4"] as const;
/** What is made of the file before it, or of the video that a suffix makes of that. */
const views = ["ik-thumbnail.jpg", "ik-master.m3u8", "ik-master.mpd"] as const;

type Video = (typeof videos)[number];
type View = (typeof views)[number];

export type VirtualSuffix = Video | View;

export interface SuffixedPath {
  readonly segments: readonly string[];
  /** In their order; two at most. */
  readonly suffixes: readonly VirtualSuffix[];
}

/**
 * Takes virtual suffixes off a decoded path, from the right, and only behind something
 * (docs/protocol/delivery.md §1.4). They stack in one way alone, a view of a video. Whatever stands before that is a
 * part of the path: each suffix may be a file's own name as well, which costs a look-up of its own.
 */
export function splitSuffixes(path: readonly string[]): SuffixedPath {
  const [before, last] = [path.at(-2), path.at(-1)];
  if (path.length < 2) return { segments: path, suffixes: [] };
  if (path.length > 2 && isVideo(before) && isView(last)) {
    return { segments: path.slice(0, -2), suffixes: [before, last] };
  }
  return isVideo(last) || isView(last)
    ? { segments: path.slice(0, -1), suffixes: [last] }
    : { segments: path, suffixes: [] };
}

function isVideo(segment: string | undefined): segment is Video {
  return videos.some((suffix) => suffix === segment);
}

function isView(segment: string | undefined): segment is View {
  return views.some((suffix) => suffix === segment);
}
