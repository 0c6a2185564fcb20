import { describe, expect, test } from "vitest";
import { defaultEndpoint } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { readPurgeUrl } from "./purge-url.ts";

const endpoint = "https://media.example.com/demo/";
const shop = {
  ...defaultEndpoint,
  id: "1",
  urlPrefix: "shop",
  urlRewriter: { type: "CLOUDINARY" as const, preserveAssetDeliveryTypes: false },
};
const endpoints = new Map([defaultEndpoint, shop].map((each) => [each.urlPrefix, each]));

function below(path: string): string | undefined {
  const scope = readPurgeUrl(endpoint + path, "demo", endpoints);
  return scope.kind === "below" ? scope.prefix : undefined;
}

const refusal = expect.objectContaining({
  reason: "PURGE_URL_INVALID",
  message: "The URL is not valid for cache purging.",
});

describe("a URL to be purged", () => {
  test.each(["a.jpg", "a/b/c.jpg?tr=w-1", "tr:w-1/a.jpg?updatedAt=1", "ik-seo/a/b.jpg", "a.jpg?ik-obj-version=x"])(
    "may be exact: %s",
    (path) => expect(readPurgeUrl(endpoint + path, "demo", endpoints)).toMatchObject({ kind: "url" }),
  );

  test.each([
    ["two levels", "a/b*", "/a/b"],
    ["two folders", "a/b/*", "/a/b/"],
    ["15 characters", "fifteen-chars-x*", "/fifteen-chars-x"],
    ["a folder of 15 characters", "fifteen-chars-/*", "/fifteen-chars-/"],
    ["a file", "a.jpg*", "/a.jpg"],
    ["a file and what its query begins with", "a.jpg?tr=w-*", "/a.jpg"],
    ["a transformation that doesn't count", "tr:w-300/a/b*", "/a/b"],
    ["slashes that mean nothing", "a//b/*", "/a/b/"],
    ["an alias for search engines", "ik-seo/a/b/what-it-shows*", "/a/b"],
    ["what is made of a file", "a/b.mp4/ik-thumb*", "/a/b.mp4"],
    ["characters that travel encoded", "a/%C3%A9t%C3%A9*", "/a/été"],
    ["a decomposed name", "a/e%CC%81t*", "/a/ét"],
  ])("may end with a wildcard behind %s", (_what, path, prefix) => expect(below(path)).toBe(prefix));

  test.each([
    ["everything", "*"],
    ["one level", "a/*"],
    ["a few characters", "short*"],
    ["a transformation alone", "tr:w-300,h-300,fo-auto/*"],
    ["the middle of the path", "a/*/c.jpg"],
    ["the middle of a name", "a/b/c*.jpg"],
    ["two places", "a/b/**"],
    ["a folder of whole catalogues", "media/catalog/*"],
    ["that folder otherwise spelled", "media//catalog*"],
    ["the other one", "s/files/*"],
    ["a path that leads upwards", "a/b/../c*"],
    ["an encoded path that leads upwards", "a/b/%2e%2e/c*"],
    ["a control character", "a/b/%00*"],
    ["a query alone", "?tr=w-300,h-300,fo-auto*"],
  ])("may not have a wildcard for %s", (_what, path) => expect(() => below(path)).toThrow(refusal));

  test.each([
    ["another account's", "https://media.example.com/other/a.jpg"],
    ["no URL", "a.jpg"],
    ["a path", "/demo/a.jpg"],
    ["of another kind", "ftp://media.example.com/demo/a.jpg"],
    ["the endpoint", endpoint],
    ["of no file", `${endpoint}a/../b.jpg`],
    ["empty", ""],
    ["missing", undefined],
    ["no text", { url: "x" }],
  ])("may not be %s", (_what, url) => expect(() => readPurgeUrl(url, "demo", endpoints)).toThrow(refusal));
});

test("a URL behind a prefix is read as the endpoint reads it", () => {
  const scope = readPurgeUrl(`${endpoint}shop/image/upload/w_100/v1/a/b.jpg`, "demo", endpoints);
  expect(scope).toMatchObject({ kind: "url", url: { segments: ["a", "b.jpg"] } });
  expect(below("shop/a/b/*")).toBe("/a/b/");
  expect(() => below("shop/a/*")).toThrow(refusal);
});
