import { expect, test } from "vitest";
import type { LibraryFile } from "../library/library-file.ts";
import { plainUrls, snippets, transformationsOf } from "./snippet-texts.ts";

const hostile = {
  name: `it's "a" & <b>.jpg`,
  description: "a](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n# heading {1}",
  url: "http://host/demo/it's.jpg?updatedAt=1",
  width: 1000,
  height: 500,
} as LibraryFile;

test("a snippet is what it says, whatever the file is called", () => {
  const urlOf = plainUrls(hostile);
  const page = new DOMParser().parseFromString(snippets.HTML(hostile, urlOf), "text/html");
  const [picture, ...others] = page.body.children;
  expect(others).toEqual([]);
  expect(picture?.getAttributeNames()).toEqual(["src", "srcset", "sizes", "alt", "width", "height", "loading"]);
  expect(picture?.getAttribute("alt")).toBe(hostile.description);
  expect(picture?.getAttribute("srcset")).toBe(`${urlOf("w-480")} 480w, ${urlOf("w-960")} 960w`);
  expect(snippets.React(hostile, urlOf)).not.toMatch(/[{}]/);
  expect(snippets.Markdown(hostile, urlOf)).toBe(
    "![a\\](javascript:alert(1)) \\<img src=x onerror=alert(1)> # heading {1}](http://host/demo/it's.jpg?updatedAt=1)",
  );
  expect(snippets.curl(hostile, urlOf)).toBe(
    `curl -o 'it'\\''s "a" & <b>.jpg' 'http://host/demo/it'\\''s.jpg?updatedAt=1'`,
  );
});

test("a snippet asks for the URLs that it needs, signed or not", () => {
  expect(transformationsOf("HTML", hostile)).toEqual(["", "w-480", "w-960"]);
  expect(transformationsOf("curl", hostile)).toEqual([""]);
  expect(snippets.HTML(hostile, (transformation) => `signed:${transformation}`)).toContain('srcset="signed:w-480 480w');
});
