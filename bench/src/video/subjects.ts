/** What makes stills and encodes, in the order in which a round runs it. */
export const videoSubjects = {
  plain: { title: "one plain `ffmpeg` command" },
  idle: { title: "Sluice without videos", ffmpeg: "auto" },
  system: { title: "Sluice with FFmpeg", ffmpeg: "auto" },
  embedded: { title: "Sluice with `@sluice/video`", ffmpeg: "embedded" },
} as const satisfies Record<string, VideoSubject>;

export interface VideoSubject {
  readonly title: string;
  /** The server's `--ffmpeg`. What has none is no server. */
  readonly ffmpeg?: string;
}

export type VideoSubjectName = keyof typeof videoSubjects;
