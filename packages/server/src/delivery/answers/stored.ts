import { extname } from "node:path";
import { isActiveType, isPassiveType } from "../../media/inspect/active-types.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { refuseStored } from "../find/access.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { byteRange } from "../headers/byte-range.ts";
import { chooseCoding, codedEtag } from "../headers/choose-coding.ts";
import { isFresh } from "../headers/conditional.ts";
import { sandboxPolicy } from "../headers/standing-headers.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { codedAnswer } from "./coded-answer.ts";
import type { Answer, Delivery } from "./delivery.ts";
import type { AnswerNeeds } from "./needs.ts";
import { redirectToStorage } from "./redirect.ts";

/** The stored bytes under another name: what they are said to be, and what makes their tag another. */
export interface Form {
  readonly mime: string;
  readonly tag: string;
}

/**
 * The stored bytes, as they are or compressed, or one range of them, or the way to them. Conditions are settled before the
 * store is asked.
 * @throws DeliveryRefusal PRIVATE, RANGE_UNSATISFIABLE; StorageError BLOB_MISSING when the store has lost or cut the file
 */
export async function answerStored(
  needs: Pick<AnswerNeeds, "blobs" | "derived" | "compressor">,
  delivery: Delivery,
  signal: AbortSignal,
  { mime, tag }: Form = { mime: delivery.version.mime, tag: "" },
): Promise<Answer> {
  const { version, url, method, requestHeaders, headers } = delivery;
  const { blobs, compressor } = needs;
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
    const coded = await codedAnswer(needs, delivery, { coding, source, of: [], etag, headers: described }, signal);
    if (coded !== undefined) return coded;
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
