export type PostType = "transformation" | "gif-to-video" | "thumbnail" | "abs";

/** One entry of an upload's `post`, as the client wrote it (docs/protocol/upload.md §9). */
export interface PostTransformation {
  readonly type: PostType;
  readonly value?: string;
  readonly protocol?: "hls" | "dash";
}

/** The input of the job that makes one entry of an upload's `post`, as plain data. */
export interface PostTransformationJob {
  readonly accountId: string;
  readonly fileId: string;
  readonly versionId: string;
  /** Name and path of the file when it was uploaded. */
  readonly name: string;
  readonly path: string;
  /** The URL that will deliver the result. */
  readonly url: string;
  readonly transformation: PostTransformation;
  /** The id of the upload request. */
  readonly requestId: string;
  /** The id of the event that will report the result. However often the job runs, there is one event. */
  readonly eventId: string;
  /** The address under which clients reach this server. */
  readonly publicUrl: string;
}

/**
 * The URL that delivers the file with a transformation. Characters that a URL can't hold are encoded; everything else
 * stays as it is written.
 */
export function transformedUrl(url: string, value: string): string {
  return `${url}?tr=${value.replaceAll(/[^\w\-.~!$'()*,;:@/?%+=]/gu, encodeURIComponent)}`;
}
