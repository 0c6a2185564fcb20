import type { SourceName } from "./source-files.ts";

export interface Example {
  readonly transformation: string;
  readonly source: SourceName;
  readonly caption: string;
  /** The file name in the URL, where it differs from the source's name. */
  readonly fileName?: string;
  /** Headers in addition to `Accept: image/webp`, which every browser sends. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes examples of one source. */
export function on(source: SourceName) {
  return (transformation: string, caption: string, headers: Readonly<Record<string, string>> = {}): Example => ({
    transformation,
    source,
    caption,
    headers,
  });
}
