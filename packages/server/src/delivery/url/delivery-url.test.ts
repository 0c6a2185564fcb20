import { describe, expect, test } from "vitest";
import { DeliveryRefusal, type RefusalReason } from "../refusals/refusal.ts";
import { parseDeliveryUrl, splitEndpoint, splitRest } from "./delivery-url.ts";

function refusalOf(rest: string): RefusalReason | undefined {
  try {
    parseDeliveryUrl(rest);
    return undefined;
  } catch (error) {
    if (error instanceof DeliveryRefusal) return error.reason;
    throw error;
  }
}

test.each([
  ["/demo/a/b.jpg?x=1", { imagekitId: "demo", rest: "a/b.jpg?x=1" }],
  ["/demo", { imagekitId: "demo", rest: "" }],
  ["/demo?x", { imagekitId: "demo", rest: "?x" }],
  ["/demo/a.jpg#part", { imagekitId: "demo", rest: "a.jpg" }],
  ["/%64emo/a.jpg", { imagekitId: "%64emo", rest: "a.jpg" }],
  ["//demo/a.jpg", { imagekitId: "", rest: "demo/a.jpg" }],
])("the endpoint of %s", (target, expected) => {
  expect(splitEndpoint(target)).toEqual(expected);
});

test("segments are decoded one by one and once", () => {
  expect(parseDeliveryUrl("a%20b/%E0%A4%B9/%252e%252e/30%25.jpg").segments).toEqual(["a b", "ह", "%2e%2e", "30%.jpg"]);
});

test("repeated slashes between segments count as one", () => {
  expect(parseDeliveryUrl("a//b///c.jpg").segments).toEqual(["a", "b", "c.jpg"]);
});

test.each([
  "../x",
  "a/../x",
  "a/./x",
  ".",
  "%2e%2e/x",
  "a/.%2E/x",
  "a/%2e",
  "..",
  "a%2fb",
  "..%2fb",
  "%2F",
  "a\\b",
  "a%5Cb",
  "..%5c..%5cb",
])("%s is refused", (path) => {
  expect(refusalOf(path)).toBe("PATH_INVALID");
});

test.each(["a%00", "%00/b", "a%0d%0ab", "a%1f", "a%7f"])("a control character in %s is refused", (path) => {
  expect(refusalOf(path)).toBe("PATH_INVALID");
});

test.each(["", "/", "a.jpg/", "a/b/", "?x=1", "tr:n-x", "%C0%AE%C0%AE/a", "caf%E9.jpg"])(
  "no file is called '%s'",
  (path) => {
    expect(refusalOf(path)).toBe("NOT_FOUND");
  },
);

describe("transformations", () => {
  test.each([
    ["a.jpg", [], ["a.jpg"]],
    ["tr:w-1,h-2/a.jpg", ["w-1,h-2"], ["a.jpg"]],
    ["dir/tr:w-1/a.jpg", ["w-1"], ["dir", "a.jpg"]],
    ["a.jpg?tr=w-1", ["w-1"], ["a.jpg"]],
    ["tr:w-1/a.jpg?x=y&tr=h-2:rt-90", ["w-1", "h-2:rt-90"], ["a.jpg"]],
    ["tr:w-1/a.jpg?v=1&tr=rt-90&tr=bl-2", ["w-1", "rt-90", "bl-2"], ["a.jpg"]],
    ["a.jpg?tra=w-2&x=tr=1", [], ["a.jpg"]],
    ["tr:w-1/tr:h-2/a.jpg", ["w-1"], ["tr:h-2", "a.jpg"]],
    ["tr%3Aw-1/a.jpg", [], ["tr:w-1", "a.jpg"]],
  ])("%s", (rest, transformations, segments) => {
    const url = parseDeliveryUrl(rest);
    expect(url.transformations.map(({ text }) => text)).toEqual(transformations);
    expect(url.segments).toEqual(segments);
  });

  test("each is known for the path's or the query's, since a plus is a space in a query alone", () => {
    expect(parseDeliveryUrl("tr:w-1/a.jpg?tr=h-2").transformations).toEqual([
      { text: "w-1", form: "path" },
      { text: "h-2", form: "query" },
    ]);
  });

  test.each([
    ["tr:/a.jpg", []],
    ["a.jpg?tr=", []],
    ["a.jpg?tr", []],
    ["a.jpg?tr=tr:", []],
    ["tr:,:/a.jpg?tr=::&tr=tr:,", []],
    ["tr:w-1/a.jpg?tr=", ["w-1"]],
    ["tr:/a.jpg?tr=w-1", ["w-1"]],
    ["a.jpg?tr=&tr=:w-1,", [":w-1,"]],
  ])("an empty one in %s is none", (rest, transformations) => {
    const url = parseDeliveryUrl(rest);
    expect(url.transformations.map(({ text }) => text)).toEqual(transformations);
    expect(url.segments).toEqual(["a.jpg"]);
  });
});

test("a query that is missing isn't one that is empty", () => {
  expect(splitRest("a.jpg")).toEqual({ path: "a.jpg", query: undefined });
  expect(splitRest("a.jpg?")).toEqual({ path: "a.jpg", query: "" });
  expect(splitRest("a.jpg?b=?&c")).toEqual({ path: "a.jpg", query: "b=?&c" });
});

test("ik-seo marks an alias, before a transformation and behind it", () => {
  expect(parseDeliveryUrl("ik-seo/a/b.jpg")).toMatchObject({ seo: true, segments: ["a", "b.jpg"] });
  expect(parseDeliveryUrl("ik-seo/tr:w-1/a/b.jpg")).toMatchObject({ seo: true, segments: ["a", "b.jpg"] });
  expect(parseDeliveryUrl("tr:w-1/ik-seo/a/b.jpg")).toMatchObject({ seo: true, segments: ["a", "b.jpg"] });
  expect(parseDeliveryUrl("ik-seo")).toMatchObject({ seo: false, segments: ["ik-seo"] });
  expect(parseDeliveryUrl("a/ik-seo/b.jpg")).toMatchObject({ seo: false, segments: ["a", "ik-seo", "b.jpg"] });
});

test("the parameters that mean something are read, the first of each", () => {
  const url = parseDeliveryUrl("a.jpg?v=2&ik-obj-version=Ab.c_-1&ik-obj-version=x&updatedAt=17&ik-sdk-version=js");
  expect(url).toMatchObject({ objectVersion: "Ab.c_-1", updatedAt: "17", attachment: undefined });
});

test("an attachment's name counts only where there is an attachment", () => {
  const attachmentOf = (query: string) => parseDeliveryUrl(`a.jpg?${query}`).attachment;
  expect(attachmentOf("ik-attachment=true")).toEqual({ name: undefined });
  expect(attachmentOf("ik-attachment=true&ik-attachment-filename=my%20file")).toEqual({ name: "my file" });
  expect(attachmentOf("ik-attachment=false&ik-attachment-filename=x")).toBeUndefined();
  expect(attachmentOf("ik-attachment-filename=x")).toBeUndefined();
});
