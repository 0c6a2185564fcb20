import { defaultMultipartLimits, type MultipartLimits } from "./multipart-limits.ts";
import { MultipartScanner } from "./multipart-scanner.ts";
import { PartBody } from "./part-body.ts";
import type { PartHeaders } from "./part-headers.ts";
import { ScannerFeed } from "./scanner-feed.ts";

export interface Part extends PartHeaders {
  readonly body: PartBody;
}

/**
 * Yields the parts of a `multipart/form-data` body (RFC 7578) in their order, each as soon as its headers have come.
 * When the next part is asked for, the unread rest of the previous part's body is dropped. Nothing is read ahead: the
 * consumer sets the pace.
 *
 * `source` is an iterator and not an iterable because its owner keeps it. Only `next()` is ever called on it, so that
 * the owner can drain the rest of the request after a refusal. The source isn't read further once this generator has
 * been left.
 *
 * @throws MultipartError for a broken or incomplete form and for a limit exceeded; errors of the source as they are.
 */
export async function* readParts(
  source: AsyncIterator<Uint8Array>,
  boundary: string,
  limits?: Partial<MultipartLimits>,
): AsyncGenerator<Part, void, undefined> {
  const scanner = new MultipartScanner(boundary, { ...defaultMultipartLimits, ...limits });
  const feed = new ScannerFeed(source, scanner);
  for (;;) {
    const headers = scanner.readHeaders();
    if (headers === null) return;
    if (headers === undefined) {
      await feed.fill();
      continue;
    }
    const body = new PartBody(feed);
    yield { ...headers, body };
    if (!body.ended) await body.discard();
  }
}
