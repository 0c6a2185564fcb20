import { extname } from "node:path";
import { isActiveType, isPassiveType } from "../media/active-types.ts";
import { StorageError } from "../storage/storage-error.ts";
import { type Answer, sandboxPolicy } from "./answer.ts";
import { contentDisposition } from "./attachment.ts";
import { byteRange } from "./byte-range.ts";
import { isFresh } from "./conditional.ts";
import type { Delivery, DeliveryServices } from "./deliver.ts";
import { redirectToStorage } from "./redirect.ts";
import { DeliveryRefusal } from "./refusal.ts";

/** The stored bytes under another name: what they are said to be, and what makes their tag another. */
export interface Form {
  readonly mime: string;
  readonly tag: string;
}

/**
 * The stored bytes, or one range of them, or the way to them. Conditions are settled before the store is asked.
 * @throws DeliveryRefusal RANGE_UNSATISFIABLE; StorageError BLOB_MISSING when the store has lost or cut the file
 */
export async function answerOriginal(
  { blobs }: Pick<DeliveryServices, "blobs">,
  delivery: Delivery,
  signal: AbortSignal,
  { mime, tag }: Form = { mime: delivery.version.mime, tag: "" },
): Promise<Answer> {
  const { version, url, method, requestHeaders, headers } = delivery;
  const { storage_key: key, size } = version;
  const etag = `"${Buffer.from(version.sha256).toString("base64url")}${tag}"`;
  const shared = { ...headers, etag, "accept-ranges": "bytes", ...typePolicy(version.mime) };
  if (isFresh(requestHeaders, { etag, "last-modified": headers["last-modified"] })) {
    return { status: 304, headers: shared };
  }
  const range = byteRange(requestHeaders, size, etag);
  if (range === "unsatisfiable") {
    throw new DeliveryRefusal("RANGE_UNSATISFIABLE", { "content-range": `bytes */${size}` });
  }
  // A shorter file than announced would make the next answer on this connection a part of this one.
  if ((await blobs.size(key, signal)) !== size) {
    throw new StorageError("BLOB_MISSING", `Blob ${key} is not there with its ${size} bytes`);
  }
  // What HEAD asks is known here: to be sent on for it would be a second request for nothing.
  const redirects = blobs.link !== undefined && isPassiveType(version.mime) && method === "GET";
  if (redirects) return { ...(await redirectToStorage(blobs.link, delivery)), stored: version };
  const length = range === undefined ? size : range.end - range.start + 1;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...shared,
      "content-type": withCharset(mime),
      "content-length": String(length),
      ...(range && { "content-range": `bytes ${range.start}-${range.end}/${size}` }),
      ...(url.attachment && {
        "content-disposition": contentDisposition(url.attachment, version.name, extname(version.name)),
      }),
    },
    stored: version,
    body: (opened) => blobs.read(key, range, opened),
  };
}

function typePolicy(mime: string): Record<string, string> {
  return isActiveType(mime) ? { "content-security-policy": sandboxPolicy } : {};
}

function withCharset(mime: string): string {
  return mime.startsWith("text/") && !mime.includes(";") ? `${mime}; charset=utf-8` : mime;
}
