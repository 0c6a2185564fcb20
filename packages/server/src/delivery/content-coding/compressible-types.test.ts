import { expect, test } from "vitest";
import { textTypeOf } from "../../media/inspect/text-types.ts";
import { isCompressible } from "./compressible-types.ts";

test.each(
  "js mjs css svg json map txt html htm m3u8 ts csv md xml rss mpd srt vtt ttml yaml toml ndjson rtf ps ics".split(" "),
)("a text called .%s is", (extension) => {
  expect(isCompressible(textTypeOf(`.${extension}`))).toBe(true);
});

test.each(["application/pdf", "video/mp2t", "TEXT/HTML; charset=utf-8"])("%s is", (mime) => {
  expect(isCompressible(mime)).toBe(true);
});

test.each([
  "image/jpeg",
  "image/png",
  "image/bmp",
  "video/mp4",
  "audio/mpeg",
  "font/woff2",
  "application/zip",
  "application/gzip",
  "application/octet-stream",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "",
])("%s isn't", (mime) => {
  expect(isCompressible(mime)).toBe(false);
});
