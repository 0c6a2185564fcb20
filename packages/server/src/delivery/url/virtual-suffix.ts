/** Suffixes that make a video of the file before them. */
const videos = ["ik-video.mp4", "ik-gif-video.mp4"] as const;
/** Suffixes that make a view of the file before them, or of the video that another suffix makes of the file. */
const views = ["ik-thumbnail.jpg", "ik-sprite.jpg", "ik-sprite.vtt", "ik-master.m3u8", "ik-master.mpd"] as const;

type Video = (typeof videos)[number];
type View = (typeof views)[number];

export type VirtualSuffix = Video | View;

export interface SuffixedPath {
  readonly segments: readonly string[];
  /** The suffixes in their order in the path; there are two at most. */
  readonly suffixes: readonly VirtualSuffix[];
}

/**
 * Takes virtual suffixes off the end of a decoded path, as long as a path is left in front of them
 * (docs/protocol/delivery.md §1.4). Suffixes combine in only one way: a view of a video. Everything before that is part
 * of the path, because a suffix may also be a file's own name, and each suffix that is taken off costs another look-up.
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
