import { expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import type { FileRef } from "./items.ts";
import { type ReadPage, Span, type SpanEnds } from "./span.ts";

const listing = { path: "/", sort: "ASC_NAME" };
const toEnd = Number.POSITIVE_INFINITY;
const never = new AbortController().signal;
const nameOf = (n: number) => String(n).padStart(6, "0");
const fileOf = (name: string): FileRef => ({ fileId: name, name, filePath: `/${name}`, url: "" });

/** A list of files by name, of which at most 1,000 are read at a time. */
function listOf(count: number) {
  const names = Array.from({ length: count }, (_, n) => nameOf(n));
  const asked: object[] = [];
  let onPage: () => unknown = () => undefined;
  const read: ReadPage = async (_, place, signal) => {
    await Promise.resolve();
    signal.throwIfAborted();
    asked.push(place);
    const after = names.findIndex((name) => name > (place.cursor ?? ""));
    const from = (after < 0 ? names.length : after) + (place.skip ?? 0);
    const files = names.slice(from, from + place.limit).map(fileOf);
    const cursor = from + files.length < names.length ? files.at(-1)?.name : undefined;
    await onPage();
    return { files, cursor };
  };
  const span = (first: number, last: number, ends: SpanEnds = {}) =>
    new Span(listing, { first, last, shift: 0 }, ends, read);
  return { names, asked, span, onPage: (run: () => unknown) => (onPage = run) };
}

test("a span holds the files from one row to another, page by page", async () => {
  const list = listOf(5000);
  const told: number[] = [];
  const found = await list.span(700, 3199).collect(0, never, (count) => told.push(count));
  expect([...found.keys()]).toEqual(list.names.slice(700, 3200));
  expect(told).toEqual([1000, 2000, 2500]);
  expect(list.asked).toEqual([
    { skip: 700, limit: 1000 },
    { cursor: nameOf(1699), limit: 1000 },
    { cursor: nameOf(2699), limit: 500 },
  ]);
});

test("a span to the end holds all files that follow, and its number is that of the list until it is asked for", async () => {
  const list = listOf(2500);
  const span = list.span(2, toEnd);
  expect([span.count(undefined), span.count(2500)]).toEqual([undefined, 2498]);
  expect((await span.collect(0, never)).size).toBe(2498);
  expect(span.count(3000)).toBe(2498);
  expect([span.has(nameOf(1), 2, 0), span.has(nameOf(2), 1, 0)]).toEqual([false, true]);
});

test("files that are deleted or added meanwhile hide and repeat no other", async () => {
  const list = listOf(3000);
  list.onPage(() => {
    list.names.splice(10, 5);
    list.names.unshift("000000a");
  });
  const found = await list.span(0, toEnd).collect(0, never);
  expect(found.size).toBe(3000);
});

test("rows move with the files before them", async () => {
  const list = listOf(100);
  const span = list.span(10, 19);
  list.names.unshift("!1", "!2");
  expect([span.has(undefined, 11, 2), span.has(undefined, 12, 2), span.has(undefined, 21, 2)]).toEqual([
    false,
    true,
    true,
  ]);
  expect([...(await span.collect(2, never)).keys()][0]).toBe(nameOf(10));
});

test("a span goes from its first to its last file, wherever these stand now", async () => {
  const ends = { first: nameOf(400), last: nameOf(1899) };
  const list = listOf(5000);
  list.names.unshift(...Array.from({ length: 200 }, (_, n) => `!${nameOf(n)}`));
  list.names.splice(list.names.indexOf(nameOf(500)), 20);
  const found = [...(await list.span(400, 1899, ends).collect(0, never)).keys()];
  expect([found[0], found.at(-1), found.length]).toEqual([nameOf(400), nameOf(1899), 1480]);
  const early = listOf(3000);
  early.names.splice(0, 200);
  expect((await early.span(400, 1899, ends).collect(0, never)).size).toBe(1500);
  expect((await early.span(400, toEnd, { first: nameOf(400) }).collect(0, never)).size).toBe(2600);
});

test("a span refuses a list in which its first or its last file has gone, or moved far away", async () => {
  const ends = { first: nameOf(400), last: nameOf(1899) };
  for (const gone of [400, 1899]) {
    const list = listOf(5000);
    list.names.splice(gone, 1);
    const span = list.span(400, 1899, ends);
    await expect(span.collect(0, never)).rejects.toBeInstanceOf(Problem);
    expect(span.found).toBe(undefined);
    expect(list.asked.length).toBeLessThanOrEqual(3);
  }
});

test("the files are asked for once, while anybody waits for them, and again after nobody has", async () => {
  const list = listOf(3000);
  const span = list.span(0, toEnd);
  const impatient = new AbortController();
  const first = span.collect(0, impatient.signal);
  const second = span.collect(0, never);
  impatient.abort();
  await expect(first).rejects.toThrow();
  expect((await second).size).toBe(3000);
  expect(list.asked).toHaveLength(3);

  const other = listOf(3000);
  const stopped = new AbortController();
  other.onPage(() => stopped.abort());
  const again = other.span(0, toEnd);
  await expect(again.collect(0, stopped.signal)).rejects.toThrow();
  expect(other.asked).toHaveLength(1);
  other.onPage(() => undefined);
  expect((await again.collect(0, never)).size).toBe(3000);
});

test("a span without files that are gone holds the others", async () => {
  const span = listOf(10).span(0, toEnd);
  await span.collect(0, never);
  const rest = span.without(new Set([nameOf(3), "elsewhere"]));
  expect(rest.count(undefined)).toBe(9);
  expect(rest.has(nameOf(3), 3, 0)).toBe(false);
  expect(span.without(new Set(["elsewhere"]))).toBe(span);
});
