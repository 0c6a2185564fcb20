import { timingSafeEqual } from "node:crypto";
import { signatureOf, thumbnailSigner } from "../../library/files/asset-url.ts";
import { seoSegment } from "../../library/names.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { splitRest } from "./delivery-url.ts";
import { rawValues, splitQuery } from "./query.ts";

/** A signature as a URL presents it. */
export interface SignatureClaim {
  /**
   * The texts that may have been signed, apart from the expiry: the target behind the endpoint, and behind the account's
   * default endpoint, without `ik-s` and `ik-t`.
   */
  readonly messages: readonly string[];
  /** The same texts for the places of a sprite, where the target may be the sprite: both are opened by one signature. */
  readonly placesMessages: readonly string[];
  readonly signature: Buffer;
  /** The Unix seconds as decimal digits, as they were written in the URL. */
  readonly expiry: string | undefined;
}

export interface Signed {
  /** The expiry in Unix seconds, or undefined for a signature that doesn't expire. */
  readonly until: number | undefined;
  /**
   * The text that was signed, apart from the expiry. It is spelled as in the URL that was sent, or in another spelling
   * of that URL.
   */
  readonly text: string;
  /** Whether the server itself has signed, in an answer that names a thumbnail. */
  readonly forThumbnail?: true;
  /** Whether the text was signed for the places of a sprite, and the target may be the sprite. */
  readonly forSprite?: true;
}

/**
 * Takes the signature off the target behind the endpoint. `ik-t` alone signs nothing (docs/protocol/delivery.md §3.2).
 * @param rest the target behind the account's id
 * @param behind the target behind the endpoint's prefix
 * @returns undefined for an unsigned URL
 * @throws DeliveryRefusal SIGNATURE_INVALID
 */
export function readSignature(rest: string, behind = rest): SignatureClaim | undefined {
  const { path, query } = splitRest(rest);
  if (query === undefined) return undefined;
  const pairs = splitQuery(query);
  const [signature, ...moreSignatures] = rawValues(pairs, "ik-s");
  if (signature === undefined) return undefined;
  const [expiry, ...moreExpiries] = rawValues(pairs, "ik-t");
  if (moreSignatures.length > 0 || moreExpiries.length > 0 || !/^[0-9a-f]{40}$/.test(signature)) throw invalid();
  // Nothing separates the message from the expiry. With eleven digits, the last digit of a URL that ends in a digit
  // could be moved over to the expiry, which would put the expiry off for centuries.
  if (expiry !== undefined && !/^[0-9]{1,10}$/.test(expiry)) throw invalid();
  const unsigned = pairs.filter(({ name }) => name !== "ik-s" && name !== "ik-t").map(({ text }) => text);
  const remaining = unsigned.join("&");
  const paths = [...new Set([splitRest(behind).path, path])];
  const messageOf = (one: string): string => (remaining === "" ? one : `${one}?${remaining}`);
  return {
    messages: paths.map(messageOf),
    placesMessages: paths.filter((one) => spriteEnd.test(one)).map((one) => messageOf(one.replace(spriteEnd, ".vtt"))),
    signature: Buffer.from(signature, "hex"),
    expiry,
  };
}

const spriteEnd = /(?<=\/ik-sprite)\.jpg$/;

/**
 * Verifies a signature.
 * @param privateKeys every key of the account that is still valid
 * @param now Unix milliseconds; a URL is valid up to and including its second of expiry
 * @throws DeliveryRefusal SIGNATURE_INVALID, SIGNATURE_EXPIRED
 */
export function verifySignature(claim: SignatureClaim, privateKeys: readonly string[], now: number): Signed {
  const { messages, placesMessages, signature, expiry } = claim;
  const until = expiry === undefined ? undefined : Number(expiry);
  const signedBy = (keys: readonly string[], texts = messages) =>
    texts
      .flatMap((message) => [...signedMessages(message)])
      .find((candidate) => keys.some((key) => timingSafeEqual(signatureOf(key, candidate, expiry), signature)));
  const byOwner = signedBy(privateKeys);
  const forPlaces = byOwner ?? signedBy(privateKeys, placesMessages);
  const text = forPlaces ?? signedBy(privateKeys.map(thumbnailSigner));
  if (text === undefined) throw invalid();
  // Only whoever holds a URL that was once valid learns that its time is over.
  if (until !== undefined && Math.floor(now / 1000) > until) throw new DeliveryRefusal("SIGNATURE_EXPIRED");
  if (byOwner !== undefined) return { until, text };
  return forPlaces === undefined ? { until, text, forThumbnail: true } : { until, text, forSprite: true };
}

/**
 * Returns the texts that the signer may have signed, at most eight. Signers differ in the endpoint that they take off,
 * and HTTP clients encode text that was signed unencoded (docs/protocol/delivery.md §3.2). All of the texts mean the
 * same resource, with one exception that the protocol makes. `ik-seo/` may be a part of the endpoint, so a signature
 * for `a/b/c.jpg` also opens the alias `ik-seo/a/b/c.jpg`, which is `a/b.jpg`.
 */
export function signedMessages(message: string): Set<string> {
  const encodings = [...new Set([message, normalise(message) ?? message])].flatMap((text) => [
    text,
    decodeInTransformations(text),
  ]);
  const texts = encodings.flatMap((text) =>
    text.startsWith(seoPrefix) ? [text, text.slice(seoPrefix.length)] : [text],
  );
  return new Set(texts);
}

const seoPrefix = `${seoSegment}/`;

/**
 * Spells the message as the WHATWG's URL parser does.
 * @returns undefined if that would make another path of it
 */
function normalise(message: string): string | undefined {
  const url = URL.parse(`http://host/${message}`);
  if (url === null) return undefined;
  const sameShape = url.pathname.slice(1).split("/").length === splitRest(message).path.split("/").length;
  return sameShape ? url.pathname.slice(1) + url.search : undefined;
}

/**
 * Decodes spaces and quotes in transformations, because SDKs sign a transformation before their HTTP client encodes
 * these characters.
 */
function decodeInTransformations(message: string): string {
  const { path, query } = splitRest(message);
  const decodedPath = path.replace(/(?<=^|\/)tr:[^/]*/, decodeSpaces);
  return query === undefined ? decodedPath : `${decodedPath}?${query.replaceAll(/(?<=^|&)tr=[^&]*/g, decodeSpaces)}`;
}

function decodeSpaces(text: string): string {
  return text.replaceAll("%20", " ").replaceAll("%22", '"');
}

function invalid(): DeliveryRefusal {
  return new DeliveryRefusal("SIGNATURE_INVALID");
}
