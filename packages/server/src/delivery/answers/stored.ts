import { extname } from "node:path";
import { isActiveType, isPassiveType } from "../../media/inspect/active-types.ts";
import type { RedirectToBlob } from "../../storage/blob-store.ts";
import { StorageError } from "../../storage/storage-error.ts";
import type { Answer, Delivery } from "../delivery.ts";
import { refuseStored } from "../find/access.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { redirectCacheControl } from "../headers/cache-control.ts";
import { isFresh, sandboxPolicy } from "../headers/conditional.ts";
import { requestedRange } from "../headers/requested-range.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { StoredForm } from "../renditions/rendition.ts";
import { chooseCoding, codedAnswer, codedEtag } from "./coded-answer.ts";
import type { AnswerDeps } from "./deps.ts";

/**
 * The time for which a storage address is valid. It only has to be long enough for the client to begin reading the
 * file.
 */
const linkSeconds = 300;

/**
 * Redirects the client to the storage's own address of the file. The signature of that address covers the content type,
 * name and caching headers, so that nobody can have the bytes shown as anything else. The address expires no later than
 * the signature of the URL that led to it.
 */
async function redirectToStorage(link: RedirectToBlob, delivery: Delivery): Promise<Answer> {
  const { version, url, cacheability } = delivery;
  const seconds = Math.max(1, Math.min(linkSeconds, cacheability.signedSeconds ?? linkSeconds));
  const location = await link(version.storage_key, {
    contentType: version.mime,
    contentDisposition: url.attachment
      ? contentDisposition(url.attachment, version.name, extname(version.name))
      : "inline",
    cacheControl: `private, max-age=${seconds}`,
    seconds,
  });
  return { status: 302, headers: { location, "cache-control": redirectCacheControl(cacheability, seconds) } };
}

/**
 * Answers with the stored bytes, uncompressed or compressed, with one range of them, or with a redirect to them. The
 * request's conditions are evaluated before the store is asked.
 * @throws DeliveryRefusal PRIVATE, RANGE_UNSATISFIABLE; StorageError BLOB_MISSING when the store has lost or cut the
 * file
 */
export async function answerStored(
  deps: Pick<AnswerDeps, "blobs" | "derived" | "compressor">,
  delivery: Delivery,
  signal: AbortSignal,
  { mime, tag }: StoredForm = { mime: delivery.version.mime, tag: "" },
): Promise<Answer> {
  const { version, url, method, requestHeaders, headers } = delivery;
  const { blobs, compressor } = deps;
  refuseStored(version, delivery);
  const { storage_key: key, size } = version;
  const etag = `"${Buffer.from(version.sha256).toString("base64url")}${tag}"`;
  const link = isPassiveType(version.mime) ? blobs.redirect : undefined;
  const { coding, vary } = chooseCoding(requestHeaders, link === undefined && compressor.suits(mime, size));
  const shared = { ...headers, ...vary, ...typePolicy(version.mime) };
  const asIs = { etag, "accept-ranges": "bytes" };
  const forms = coding === undefined ? [asIs] : [{ etag: codedEtag(etag, coding) }, asIs];
  const held = forms.find((form) => isFresh(requestHeaders, { ...form, "last-modified": headers["last-modified"] }));
  if (held !== undefined) return { status: 304, headers: { ...shared, ...held } };
  const described = {
    ...shared,
    "content-type": withCharset(mime),
    ...(url.attachment && {
      "content-disposition": contentDisposition(url.attachment, version.name, extname(version.name)),
    }),
  };
  if (coding !== undefined) {
    const source = { size, open: (opened: AbortSignal) => blobs.read(key, undefined, opened) };
    const coded = await codedAnswer(deps, delivery, { coding, source, of: [], etag, headers: described }, signal);
    if (coded !== undefined) return coded;
  }
  const range = requestedRange(requestHeaders, size, etag);
  if (range === "unsatisfiable") {
    throw new DeliveryRefusal("RANGE_UNSATISFIABLE", { "content-range": `bytes */${size}` });
  }
  // If the file was shorter than announced, the client would read the connection's next answer as a part of this one.
  if ((await blobs.size(key, signal)) !== size) {
    throw new StorageError("BLOB_MISSING", `Blob ${key} is not there with its ${size} bytes`);
  }
  // HEAD is answered from here: a redirect would cost the client a second request for what is known already.
  const redirects = link !== undefined && method === "GET";
  if (redirects) return { ...(await redirectToStorage(link, delivery)), stored: version };
  const length = range === undefined ? size : range.end - range.start + 1;
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...described,
      ...asIs,
      "content-length": String(length),
      ...(range && { "content-range": `bytes ${range.start}-${range.end}/${size}` }),
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
