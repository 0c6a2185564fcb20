import type { VirtualSuffix } from "../url/virtual-suffix.ts";

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
  /** How often the entry has waited already for another job, which makes what it needs. */
  readonly waits?: number;
}

/** The virtual suffix of the URL that delivers an entry's result. */
export const suffixOf: Readonly<Partial<Record<PostType, VirtualSuffix>>> = {
  "gif-to-video": "ik-gif-video.mp4",
  thumbnail: "ik-thumbnail.jpg",
};

/**
 * The URL that delivers what an entry asks for. Characters that a URL can't hold are encoded; everything else stays as it
 * is written.
 */
export function transformedUrl(url: string, { type, value }: Pick<PostTransformation, "type" | "value">): string {
  const suffix = suffixOf[type];
  const whole = suffix === undefined ? url : `${url}/${suffix}`;
  if (value === undefined && suffix !== undefined) return whole;
  return `${whole}?tr=${(value ?? "").replaceAll(/[^\w\-.~!$'()*,;:@/?%+=]/gu, encodeURIComponent)}`;
}
