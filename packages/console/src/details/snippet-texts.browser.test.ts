import { expect, test } from "vitest";
import type { LibraryFile } from "../library/library-file.ts";
import { neededUrls, plainUrls, snippetKindsOf, snippets } from "./snippet-texts.ts";

const hostile = {
  name: `it's "a" & <b>.jpg`,
  description: "a](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n# heading {1}",
  url: "http://host/demo/it's.jpg?updatedAt=1",
  fileType: "image",
  mime: "image/jpeg",
  width: 1000,
  height: 500,
} as LibraryFile;

test("a snippet is what it says, whatever the file is called", () => {
  const urls = plainUrls(hostile);
  const page = new DOMParser().parseFromString(snippets.HTML(hostile, urls), "text/html");
  const [picture, ...others] = page.body.children;
  expect(others).toEqual([]);
  expect(picture?.getAttributeNames()).toEqual(["src", "srcset", "sizes", "alt", "width", "height", "loading"]);
  expect(picture?.getAttribute("alt")).toBe(hostile.description);
  expect(picture?.getAttribute("srcset")).toBe(`${urls.file("w-480")} 480w, ${urls.file("w-960")} 960w`);
  expect(snippets.React(hostile, urls)).not.toMatch(/[{}]/);
  expect(snippets.Markdown(hostile, urls)).toBe(
    "![a\\](javascript:alert(1)) \\<img src=x onerror=alert(1)> # heading {1}](http://host/demo/it's.jpg?updatedAt=1)",
  );
  expect(snippets.curl(hostile, urls)).toBe(
    `curl -o 'it'\\''s "a" & <b>.jpg' 'http://host/demo/it'\\''s.jpg?updatedAt=1'`,
  );
});

test("a snippet asks for the URLs that it needs, signed or not", () => {
  expect(neededUrls("HTML", hostile)).toEqual({ transformations: ["", "w-480", "w-960"], thumbnails: [] });
  expect(neededUrls("curl", hostile)).toEqual({ transformations: [""], thumbnails: [] });
  const signed = { ...plainUrls(hostile), file: (transformation: string) => `signed:${transformation}` };
  expect(snippets.HTML(hostile, signed)).toContain('srcset="signed:w-480 480w');
});

test("a snippet of a video is a player with a still as its poster, and has no poster without one", () => {
  const film = { ...hostile, fileType: "non-image", mime: "video/mp4", videoCodec: "h264" } as LibraryFile;
  expect(snippetKindsOf(film)).toEqual(["URL", "HTML", "React", "curl"]);
  expect(neededUrls("HTML", film)).toEqual({ transformations: [""], thumbnails: ["w-960,h-960,c-at_max"] });
  const page = new DOMParser().parseFromString(snippets.HTML(film, plainUrls(film)), "text/html");
  const [player, ...others] = page.body.children;
  expect([player?.tagName, others]).toEqual(["VIDEO", []]);
  expect(player?.getAttribute("src")).toBe(film.url);
  const poster = "http://host/demo/it's.jpg/ik-thumbnail.jpg?updatedAt=1&tr=w-960,h-960,c-at_max";
  expect(player?.getAttribute("poster")).toBe(poster);
  expect(player?.getAttribute("aria-label")).toBe(hostile.description);
  expect(snippets.React(film, plainUrls(film))).toMatch(/ controls playsInline preload="none" \/>$/);
  const { videoCodec: _, ...unread } = film;
  expect(snippets.HTML(unread as LibraryFile, plainUrls(film))).not.toContain("poster");
  expect(neededUrls("HTML", unread as LibraryFile).thumbnails).toEqual([]);
});
