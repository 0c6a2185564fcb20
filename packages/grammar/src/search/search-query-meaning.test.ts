import { expect, test } from "vitest";
import { hasTypeClause } from "./object-types.ts";
import { parseSearchQuery } from "./parse.ts";
import { sampleOptions } from "./testing/sample-options.ts";

const at = (iso: string): number => Date.parse(iso);
const span = (from: string, before: string) => ({ from: at(from), before: at(before) });
const since = (from: string) => ({ from: at(from), before: undefined });
const until = (before: string) => ({ from: undefined, before: at(before) });
const spans = (...all: unknown[]) => ({ kind: "spans", spans: all });
const among = (...values: unknown[]) => ({ kind: "among", values });
const options = (...keys: string[]) => ({ kind: "options", keys });
const relation = (operator: string, value: number) => ({ kind: "relation", operator, value });
const words = (...all: string[]) => ({ kind: "words", whole: all.slice(0, -1), beginning: all.at(-1) });
const box = (south: number, west: number, north: number, east: number) => ({
  kind: "area",
  area: { shape: "box", south, west, north, east },
});
const circle = (latitude: number, longitude: number, metres: number) => ({
  kind: "area",
  area: { shape: "circle", latitude, longitude, metres },
});
const exists = { kind: "exists" };

test.each([
  [`name = "Red.jpg"`, "name", among("Red.jpg")],
  [`"name" = Red.jpg`, "name", among("Red.jpg")],
  [`name = 123`, "name", among("123")],
  [`name = "e\u0301"`, "name", among("é")],
  [`name:"x"`, "name", { kind: "beginning", text: "x" }],
  [`name : "x"`, "name", { kind: "beginning", text: "x" }],
  [`name in ["a", b, 'c', "a"]`, "name", among("a", "b", "c")],
  [`name HAS "Red-SHOE re"`, "name", words("red", "shoe", "re")],
  [`tags IN ["Summer Sale", true]`, "tags", among("Summer Sale", "true")],
  [`"tags" has red`, "tags", words("red")],
  ["tags exists", "tags", exists],
  [`type = "FILE"`, "type", among("file")],
  ["type IN [file-version, folder]", "type", among("file-version", "folder")],
  [`id = "5f0"`, "id", among("5f0")],
  [`path = "a//b/"`, "path", among("/a/b")],
  [`path = ""`, "path", among("/")],
  [`path : "/a"`, "path", { kind: "below", folder: "/a" }],
  ["createdAt = 2020-01-01", "createdAt", spans(span("2020-01-01", "2020-01-02"))],
  [`createdAt = "2020-01-01T10:00"`, "createdAt", spans(span("2020-01-01T10:00Z", "2020-01-01T10:01Z"))],
  [`createdAt = "2020-01-01T10:00:05Z"`, "createdAt", spans(span("2020-01-01T10:00:05Z", "2020-01-01T10:00:06Z"))],
  [
    `createdAt = "2020-01-01T10:00:05.25"`,
    "createdAt",
    spans({ from: at("2020-01-01T10:00:05.250Z"), before: at("2020-01-01T10:00:05.251Z") }),
  ],
  [`createdAt = "2020-01-01T10:00+01:00"`, "createdAt", spans(span("2020-01-01T09:00Z", "2020-01-01T09:01Z"))],
  ["createdAt < 2020-01-01", "createdAt", spans(until("2020-01-01"))],
  ["createdAt <= 2020-01-01", "createdAt", spans(until("2020-01-02"))],
  ["createdAt > 2020-01-01", "createdAt", spans(since("2020-01-02"))],
  ["createdAt >= 2020-01-01", "createdAt", spans(since("2020-01-01"))],
  [
    "createdAt IN [2020-01-01, 2020-03-01]",
    "createdAt",
    spans(span("2020-01-01", "2020-01-02"), span("2020-03-01", "2020-03-02")),
  ],
  ["updatedAt >= 2h", "updatedAt", spans(since("2026-03-31T08:00:00.500Z"))],
  [`updatedAt > "7d"`, "updatedAt", spans(since("2026-03-24T10:00:00.501Z"))],
  [`updatedAt < "1W"`, "updatedAt", spans(until("2026-03-24T10:00:00.500Z"))],
  ["updatedAt >= 1m", "updatedAt", spans(since("2026-02-28T10:00:00.500Z"))],
  ["updatedAt >= 13m", "updatedAt", spans(since("2025-02-28T10:00:00.500Z"))],
  ["updatedAt <= 2y", "updatedAt", spans(until("2024-03-31T10:00:00.501Z"))],
  ["width >= 100", "width", relation(">=", 100)],
  ["height IN [1, 2.0]", "height", among(1, 2)],
  ["size < 10kb", "size", relation("<", 10_240)],
  [`size >= "1.5 MB"`, "size", relation(">=", 1_572_864)],
  [`size = "0.7kb"`, "size", among(717)],
  ["duration <= 7.5", "duration", relation("<=", 7.5)],
  ["bitRate IN [1e6, 2000000]", "bitRate", among(1_000_000, 2_000_000)],
  ["videoCodec = h264", "videoCodec", among("h264")],
  [`audioCodec : "pcm_"`, "audioCodec", { kind: "beginning", text: "pcm_" }],
  ["format = JPG", "format", among("jpg")],
  ["format IN [png, woff2]", "format", among("png", "woff2")],
  ["private = true", "private", among(true)],
  [`createdBy = "a@example.com"`, "createdBy", among("a@example.com")],
  [`"embeddedMetadata.Keywords" IN [sea]`, "embeddedMetadata.Keywords", among("sea")],
  [`"embeddedMetadata.DateTimeOriginal" < 2020-01-01`, "embeddedMetadata.DateTimeOriginal", spans(until("2020-01-01"))],
  [`"embeddedMetadata.LocationTaken" = "48.5,-2.25 5km"`, "embeddedMetadata.LocationTaken", circle(48.5, -2.25, 5000)],
  [`"embeddedMetadata.LocationTaken" = "1 , 2 1mi"`, "embeddedMetadata.LocationTaken", circle(1, 2, 1609.344)],
  [`"embeddedMetadata.LocationTaken" = "49,2 | 48,3"`, "embeddedMetadata.LocationTaken", box(48, 2, 49, 3)],
  [`"embeddedMetadata.LocationTaken" = "49,2|49,3|48,3|48,2"`, "embeddedMetadata.LocationTaken", box(48, 2, 49, 3)],
])("%s", (text, field, condition) => {
  expect(parse(text)).toEqual({ kind: "condition", field, negated: false, test: condition });
});

test.each([
  [`"customMetadata.title" : "Re"`, "title", "Text", { kind: "beginning", text: "Re" }],
  [`"customMetadata.a.b c" = x`, "a.b c", "Text", among("x")],
  [`"customMetadata.notes" HAS "x y"`, "notes", "Textarea", words("x", "y")],
  [`"customMetadata.rank" >= -1.5`, "rank", "Number", relation(">=", -1.5)],
  [`"customMetadata.rank" IN [-0, 1e3]`, "rank", "Number", among(0, 1000)],
  [`"customMetadata.expires" < "30d"`, "expires", "Date", spans(until("2026-03-01T10:00:00.500Z"))],
  [`"customMetadata.approved" = FALSE`, "approved", "Boolean", undefined],
  [`"customMetadata.approved" = false`, "approved", "Boolean", among(false)],
  [`"customMetadata.colour" IN ["red", 1, "1", 01, true]`, "colour", "SingleSelect", options("red", "1", "true")],
  [`"customMetadata.colour" < 5`, "colour", "SingleSelect", relation("<", 5)],
  [`"customMetadata.sizes" IN [s, 42]`, "sizes", "MultiSelect", options("s", "42")],
  [`"customMetadata.sizes" EXISTS`, "sizes", "MultiSelect", exists],
])("%s", (text, name, type, condition) => {
  if (condition === undefined) return void expect(() => parse(text)).toThrow("true or false");
  expect(parse(text)).toEqual({
    kind: "condition",
    field: "customMetadata",
    name,
    type,
    negated: false,
    test: condition,
  });
});

test.each([
  ["tags NOT EXISTS", exists],
  ["tags not in [a]", among("a")],
  [`path NOT = "/archive/"`, among("/archive")],
  ["createdAt NOT IN [2020-01-01]", spans(span("2020-01-01", "2020-01-02"))],
])("%s is negated", (text, condition) => {
  expect(parse(text)).toMatchObject({ negated: true, test: condition });
});

const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => ({
  kind: "condition",
  field: "id",
  negated: false,
  test: among(id),
}));
const and = (...operands: unknown[]) => ({ kind: "and", operands });
const or = (...operands: unknown[]) => ({ kind: "or", operands });

test.each([
  ["id = a OR id = b AND id = c", or(a, and(b, c))],
  ["id = a and id = b or id = c And id = d", or(and(a, b), and(c, d))],
  ["(id = a OR id = b) AND id = c", and(or(a, b), c)],
  ["id = a AND (id = b AND (id = c AND id = d))", and(a, b, c, d)],
  ["((id = a)) OR ((id = b OR id = c))", or(a, b, c)],
  ["id=a AND(id=b)", and(a, b)],
])("%s", (text, tree) => {
  expect(parse(text)).toEqual(tree);
});

test("a clause on the type is found at any depth", () => {
  expect(hasTypeClause(parse("id = a OR (id = b AND type = file)"))).toBe(true);
  expect(hasTypeClause(parse("id = a OR (id = b AND name = type)"))).toBe(false);
});

function parse(text: string) {
  return parseSearchQuery(text, sampleOptions);
}
