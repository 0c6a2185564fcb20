import { expect, test } from "vitest";
import { splitDeliveryTarget } from "./split-target.ts";

/** A short spelling: path | suffixes | transformations, `?` before the query's | seo, slash, special. */
function short(rest: string): string {
  const { segments, suffixes, transformations, seo, endsWithSlash, special } = splitDeliveryTarget(rest);
  const written = transformations.map(({ text, form }) => `${form === "query" ? "?" : ""}${text}`);
  const marks = [seo ? "seo" : "", endsWithSlash ? "slash" : "", special ?? ""].filter(Boolean);
  return [segments.join("/"), suffixes.join("/"), written.join(" then "), marks.join(" ")].join(" | ");
}

// spec/delivery.md §1, §10
test.each([
  ["a/b.jpg", "a/b.jpg |  |  | "],
  ["tr:w-300,h-200:rt-90/a/b.jpg", "a/b.jpg |  | w-300,h-200:rt-90 | "],
  ["a/b.jpg?tr=w-300,h-200", "a/b.jpg |  | ?w-300,h-200 | "],
  ["tr:w-300/a.jpg?v=1&tr=rt-90&tr=bl-2", "a.jpg |  | w-300 then ?rt-90 then ?bl-2 | "],
  ["a/tr:w-300/b.jpg", "a/b.jpg |  | w-300 | "],
  ["tr:w-1/tr:w-2/b.jpg", "tr:w-2/b.jpg |  | w-1 | "],
  ["tr%3Aw-300/b.jpg", "tr%3Aw-300/b.jpg |  |  | "],
  // Both say nothing, which they may not.
  ["tr:/a.jpg", "a.jpg |  |  | "],
  ["a.jpg?tr", "a.jpg |  | ? | "],
  ["a.jpg?tr=", "a.jpg |  | ? | "],
  ["a.jpg?tra=w-2&x=tr=1", "a.jpg |  |  | "],
  ["ik-seo/tr:w-2/a/b.jpg", "a/b.jpg |  | w-2 | seo"],
  ["tr:w-2/ik-seo/a/b.jpg", "a/b.jpg |  | w-2 | seo"],
  ["ik-seo", "ik-seo |  |  | "],
  ["/a//b.jpg", "a/b.jpg |  |  | "],
  ["a.jpg/", "a.jpg |  |  | slash"],
  ["", " |  |  | slash"],
  // Suffixes
  ["a.mp4/ik-thumbnail.jpg", "a.mp4 | ik-thumbnail.jpg |  | "],
  ["a/ik-video.mp4/ik-thumbnail.jpg?tr=so-2", "a | ik-video.mp4/ik-thumbnail.jpg | ?so-2 | "],
  ["a/ik-video.mp4/ik-master.m3u8", "a | ik-video.mp4/ik-master.m3u8 |  | "],
  ["a.mp4/ik-master.mpd", "a.mp4 | ik-master.mpd |  | "],
  ["a.gif/ik-gif-video.mp4", "a.gif | ik-gif-video.mp4 |  | "],
  ["ik-thumbnail.jpg", "ik-thumbnail.jpg |  |  | "],
  ["tr:w-2/ik-video.mp4", "ik-video.mp4 |  | w-2 | "],
  ["ik-video.mp4/ik-thumbnail.jpg", "ik-video.mp4 | ik-thumbnail.jpg |  | "],
  ["a/ik-thumbnail.jpg/ik-thumbnail.jpg", "a/ik-thumbnail.jpg | ik-thumbnail.jpg |  | "],
  // What isn't a file of the library
  ["https://www.example.com/a.jpg", "https:/www.example.com/a.jpg |  |  | absolute-url"],
  ["tr:w-2/https%3A%2F%2Fwww.example.com%2Fa.jpg", "https%3A%2F%2Fwww.example.com%2Fa.jpg |  | w-2 | absolute-url"],
  ["https.jpg", "https.jpg |  |  | "],
  ["ik-genimg-prompt-a%20cat/a.jpg", "ik-genimg-prompt-a%20cat/a.jpg |  |  | generated-image"],
])("%s is %s", (rest, expected) => {
  expect(short(rest)).toBe(expected);
});

test("a transformation that says nothing is one nevertheless, and a query that is missing isn't one that is empty", () => {
  expect(splitDeliveryTarget("tr:/a.jpg").transformations).toEqual([{ text: "", form: "path" }]);
  expect(splitDeliveryTarget("a.jpg").query).toBeUndefined();
  expect(splitDeliveryTarget("a.jpg?").query).toBe("");
  expect(splitDeliveryTarget("a.jpg?b=?&c").query).toBe("b=?&c");
});
