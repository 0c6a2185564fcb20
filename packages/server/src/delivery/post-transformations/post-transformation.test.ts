import { expect, test } from "vitest";
import { transformedUrl } from "./post-transformation.ts";

test.each([
  ["w-10:rt-90,f-auto", "w-10:rt-90,f-auto"],
  ["l-text,i-a b&c#d,l-end", "l-text,i-a%20b%26c%23d,l-end"],
  ["n-%C3%A9+1", "n-%C3%A9+1"],
  ['i-é"', "i-%C3%A9%22"],
  ["i-😀", "i-%F0%9F%98%80"],
])("the address of %s bears nothing that a URL doesn't", (value, expected) => {
  const url = transformedUrl("http://sluice/a.png", { type: "transformation", value });
  expect(url).toBe(`http://sluice/a.png?tr=${expected}`);
  expect(new URL(url).href).toBe(url);
});

test("the addresses of stills and of videos of animations end as those of clients do", () => {
  expect(transformedUrl("http://sluice/a.mp4", { type: "thumbnail" })).toBe("http://sluice/a.mp4/ik-thumbnail.jpg");
  expect(transformedUrl("http://sluice/a.gif", { type: "gif-to-video", value: "w-10" })).toBe(
    "http://sluice/a.gif/ik-gif-video.mp4?tr=w-10",
  );
});
