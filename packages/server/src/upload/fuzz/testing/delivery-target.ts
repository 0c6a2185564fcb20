import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { acceptedFormats } from "../../../delivery/headers/accepted-formats.ts";
import { contentDisposition } from "../../../delivery/headers/attachment.ts";
import { requestedRange } from "../../../delivery/headers/requested-range.ts";
import { DeliveryRefusal } from "../../../delivery/refusals/refusal.ts";
import { refusals } from "../../../delivery/refusals/refusal-table.ts";
import { type DeliveryUrl, parseDeliveryUrl, splitEndpoint } from "../../../delivery/url/delivery-url.ts";
import { chooseRendition, readWritten } from "../../../delivery/url/requested-rendition.ts";
import { readSignature, type Signed, verifySignature } from "../../../delivery/url/signed-url.ts";
import { signPath } from "../../../library/files/asset-url.ts";
import { findBuiltIn } from "../../../library/named-transformations/named-transformations.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { hostileText } from "./hostile-text.ts";
import { mutate, mutations } from "./mutation.ts";

const key = "private_test";
const now = Date.UTC(2026, 0, 15, 12);

const plain = fc.constantFrom("a", "b.jpg", "c-d_e.png", "%C3%A9", "tr:n-ik_ml_thumbnail", "ik-seo");
const hostile = fc.oneof(
  fc.constantFrom("a", "b.jpg", "ik-seo", "tr:w-100", "tr:n-ik_ml_thumbnail", "tr:", "", ".", "..", "%2e%2e", "%2F"),
  fc.constantFrom("%5c", "a%00", "%c0%ae", "%e4%b8", "%zz", "a:b", "a;b", "c+d", "%25", "ik-thumbnail.jpg"),
  fc.constantFrom("ik-video.mp4", "ik-master.m3u8", "https:", "https%3A%2F%2Fa", "tr:di-a@@b.jpg", "tr:n-a:w-1"),
  hostileText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 120)),
);
const segment = fc.oneof({ weight: 3, arbitrary: plain }, { weight: 2, arbitrary: hostile });
const pair = fc
  .tuple(
    fc.constantFrom("tr", "ik-obj-version", "updatedAt", "ik-attachment", "ik-attachment-filename", "ik-t", "v", ""),
    fc.oneof(
      segment,
      fc.constantFrom("true", "1", "n-ik_ml_thumbnail", "orig-true", "w-1%2Ch-1", "w-1,h-1", "w%201", "%22"),
    ),
  )
  .map(([name, value]) => `${name}=${value}`);

/** The rest of a URL after the endpoint, in ASCII as Node hands it over. */
const rest: Arbitrary<string> = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 5 }), fc.array(pair, { maxLength: 3 }))
  .map(([path, query]) => (query.length === 0 ? path.join("/") : `${path.join("/")}?${query.join("&")}`));

/** Expiry times of a signature: none, or ten digits, the most that one may have. */
const until = fc.constantFrom(undefined, 1_900_000_000, 1_800_000_001, 9_999_999_998);

/** Ways of writing a URL that caches, proxies and parsers take for the same one, and some that they should not. */
const respellings: readonly ((url: string, place: number) => string)[] = [
  (url, place) => `${url.slice(0, place)}%${hex(url.charCodeAt(place) || 0x61)}${url.slice(place + 1)}`,
  (url) => url.replaceAll(/%[0-9a-f]{2}/gi, (code) => code.toLowerCase()),
  (url) => url.replaceAll(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()),
  (url) => url.replaceAll(/%(2[0-9a-f]|[3-7][0-9a-f])/gi, (code) => decodeURIComponent(code)),
  (url, place) => `${url.slice(0, place)}/../${url.slice(place)}`,
  (url, place) => `${url.slice(0, place)}\\${url.slice(place)}`,
  (url, place) => `x/%2e%2e/${url.slice(0, place)}\\${url.slice(place)}`,
  (url) => `./${url}`,
  (url) => `/${url}`,
  (url) => `ik-seo/${url}`,
  (url) => url.replace(/^ik-seo\//, ""),
  (url) => url.replaceAll("%20", " ").replaceAll("%22", '"'),
  (url) => url.replace(/(\?)(.*)&(ik-s=[0-9a-f]+)$/, "$1$3&$2"),
  (url) => url.replace("?", "?&"),
  (url) => url.replace("&", "&&"),
  (url) => `${url}&`,
  (url) => `${url}&tr=orig-true`,
  (url) => url.replace(/(\d)&ik-t=(\d)/, "&ik-t=$1$2"),
  (url) => url.replace(/&ik-t=(\d)/, "$1&ik-t="),
  (url) => url.replace(/([?&])ik-t=\d+&/, "$1"),
  (url) => url.replace(/([?&])ik-s=/, "$1ik-t=9999999999&ik-s="),
  (url) => url.replace(/#.*|$/, "#fragment"),
];
const respelling = fc.array(fc.tuple(fc.constantFrom(...respellings), fc.nat({ max: 60 })), { maxLength: 3 });

function hex(code: number): string {
  return (code & 0xff).toString(16).padStart(2, "0");
}

/** A URL names a file inside the library or is refused, and a signature opens nothing but what was signed. */
export const deliveryTarget: FuzzTarget = {
  name: "delivery URLs and their signatures",
  share: 120,
  check(batch) {
    const numRuns = Math.ceil(batch.numRuns / 3);
    fc.assert(
      fc.property(rest, mutations, (text, changes) => {
        const target = asTarget(mutate(Buffer.from(`/demo/${text}`), changes));
        expect(splitEndpoint(target).imagekitId).not.toContain("/");
        const url = orRefusal(() => parseDeliveryUrl(splitEndpoint(target).rest));
        if (url !== undefined) expectInside(url);
      }),
      { ...batch, numRuns },
    );
    fc.assert(fc.property(rest, until, respelling, mutations, expectSound), { ...batch, numRuns });
    fc.assert(fc.property(hostileText, fc.nat({ max: 40 }), expectHeaders), { ...batch, numRuns });
  },
};

/** Node refuses control characters and spaces in a target, and gives the bytes beyond ASCII as they are. */
function asTarget(bytes: Buffer): string {
  return [...bytes.toString("latin1")].filter((character) => character > " " && character !== "\x7f").join("");
}

function orRefusal<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DeliveryRefusal)) throw error;
    expect(refusals[error.reason].status).toBeLessThan(500);
    return undefined;
  }
}

function expectInside(url: DeliveryUrl): void {
  for (const name of url.segments) {
    expect([...name].some((character) => character < " " || "/\\\x7f".includes(character))).toBe(false);
    expect(["", ".", ".."]).not.toContain(name);
  }
  orRefusal(() => chooseRendition(readWritten(url.transformations), findBuiltIn, url.suffixes));
}

function expectSound(
  text: string,
  end: number | undefined,
  spellings: readonly (readonly [(url: string, place: number) => string, number])[],
  changes: Parameters<typeof mutate>[1],
): void {
  const signed = signPath(key, text, end);
  if (!/[?&]ik-t=/.test(text)) expect(opening(signed)).toEqual({ until: end, text });
  const respelt = spellings.reduce((url, [respell, place]) => respell(url, place), signed);
  const changed = splitEndpoint(asTarget(mutate(Buffer.from(`/demo/${respelt}`), changes))).rest;
  const opened = changed === signed ? undefined : opening(changed);
  if (opened === undefined) return;
  if (!/[?&]ik-t=/.test(text)) expect([end, end ?? never]).toContain(opened.until);
  const [before, after] = [signed, changed].map((each) => orRefusal(() => parseDeliveryUrl(each)));
  if (before === undefined || after === undefined) return;
  // The one exception that the protocol makes: the alias prefix may have been a part of the endpoint.
  const bare = changed.startsWith(seoPrefix)
    ? orRefusal(() => parseDeliveryUrl(changed.slice(seoPrefix.length)))
    : undefined;
  const meant = [after, bare].filter((url) => url !== undefined);
  expect(meant.map(resource)).toContainEqual(resource(before));
}

const seoPrefix = "ik-seo/";

/** A signature with this expiry time means the same as one without. */
const never = 9_999_999_999;

function opening(target: string): Signed | undefined {
  const claim = orRefusal(() => readSignature(target));
  return claim && orRefusal(() => verifySignature(claim, [key], now));
}

/** The facts that decide what is delivered, without those that only caches tell apart. */
function resource({ segments, suffixes, transformations, objectVersion }: DeliveryUrl) {
  const rendition = orRefusal(() => chooseRendition(readWritten(transformations), findBuiltIn, suffixes));
  return { segments, suffixes, objectVersion, rendition };
}

function expectHeaders(text: string, size: number): void {
  const disposition = contentDisposition({ name: text.toWellFormed() }, "a.jpg", ".jpg");
  expect(disposition).toMatch(/^[\x20-\x7e]+$/);
  // The name holds no mark that reverses text, no separator, and nothing that ends the header.
  expect(decodeURIComponent(disposition.split("filename*=UTF-8''")[1] ?? "")).not.toMatch(/[\p{C}/\\]/u);
  const range = requestedRange({ range: text }, size + 1, '"etag"');
  if (typeof range === "object") {
    expect(range.start).toBeLessThanOrEqual(range.end);
    expect(range.end).toBeLessThanOrEqual(size);
  }
  expect(acceptedFormats(text)).toEqual({ webp: expect.any(Boolean), avif: expect.any(Boolean) });
}
