export type PostType = "transformation" | "gif-to-video" | "thumbnail" | "abs";

/** One entry of an upload's `post`, as the client wrote it (docs/protocol/upload.md §9). */
export interface PostTransformation {
  readonly type: PostType;
  readonly value?: string;
  readonly protocol?: "hls" | "dash";
}

/** The job that makes one entry of an upload's `post`: plain data. */
export interface PostTransformationJob {
  readonly accountId: string;
  readonly fileId: string;
  readonly versionId: string;
  /** As they were when it was uploaded. */
  readonly name: string;
  readonly path: string;
  /** What is being made will be found here. */
  readonly url: string;
  readonly transformation: PostTransformation;
  /** Of the upload. */
  readonly requestId: string;
  /** Of the event that will tell how it ended: however often it is done, there is one. */
  readonly eventId: string;
  /** Where clients reach this server. */
  readonly publicUrl: string;
}

/** The address of what a transformation makes of the file: what no URL bears is encoded, all else stays as it is written. */
export function transformedUrl(url: string, value: string): string {
  return `${url}?tr=${value.replaceAll(/[^\w\-.~!$'()*,;:@/?%+=]/gu, encodeURIComponent)}`;
}
