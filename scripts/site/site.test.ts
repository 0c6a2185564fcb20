import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSite } from "./build-site.ts";
import { openSearch, type Search } from "./client/search-index.ts";
import { readNavigation } from "./navigation.ts";
import { readPages } from "./pages.ts";
import type { SearchSection } from "./search-sections.ts";
import { tasks } from "./start-page.ts";

let folder: string;
let files: ReadonlySet<string>;
let pages: ReadonlyMap<string, string>;
let search: Search;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-site-"));
  await buildSite(folder);
  files = new Set(globSync("**/*.*", { cwd: folder }).map((file) => file.replaceAll("\\", "/")));
  const html = [...files].filter((file) => file.endsWith(".html"));
  pages = new Map(html.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  const [index = ""] = [...files].filter((file) => file.startsWith("assets/sections."));
  const sections: SearchSection[] = JSON.parse(readFileSync(join(folder, index), "utf8"));
  search = openSearch(sections);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The file that an address below the site's folder is served from. */
function fileOf(path: string): string {
  if (path === "" || path === ".") return "index.html";
  return path.startsWith("assets/") ? path : `${path}.html`;
}

test("every page of the repository is a page of the site, and every page is reached", () => {
  const all = readPages(".");
  expect(all.length).toBeGreaterThan(60);
  expect(all.filter(({ slug }) => !pages.has(`${slug}.html`))).toEqual([]);
  const linked = new Set([...pages].flatMap(([file, html]) => linksOf(file, html).map(({ target }) => target)));
  expect([...pages.keys()].filter((file) => !linked.has(file))).toEqual([]);
});

test("no link and no picture of the site is dead, nor is an anchor", () => {
  const ids = new Map([...pages].map(([file, html]) => [file, new Set(attributes(html, "id"))]));
  const dead = [...pages].flatMap(([file, html]) =>
    linksOf(file, html)
      .filter(({ target, anchor }) => !files.has(target) || (anchor !== "" && !ids.get(target)?.has(anchor)))
      .map(({ address }) => `${file}: ${address}`),
  );
  expect(dead).toEqual([]);
});

test("no page needs more than its policy allows: no script or style in the page, nothing of another host", () => {
  for (const [file, html] of pages) {
    const code = html.replaceAll(/<code>.*?<\/code>/gs, "");
    expect([
      file,
      /<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|<iframe|<form(?! method="dialog")/.exec(code)?.[0],
    ]).toEqual([file, undefined]);
    const loaded = [...attributes(code, "src"), ...code.matchAll(/<link[^>]* href="([^"]*)"/g)].map(String);
    expect(loaded.filter((address) => /^(?:[a-z]+:|\/)/.test(address))).toEqual([]);
  }
});

test("the copy of MiniSearch carries its licence", () => {
  const [script = ""] = [...files].filter((file) => file.startsWith("assets/search."));
  expect(readFileSync(join(folder, script), "utf8")).toContain("Permission is hereby granted");
});

test("a table of pictures and many columns is a list of cards on a phone: its cells name their columns", () => {
  const page = pages.get("transformations.html") ?? "";
  const [row = ""] = /<tr><td data-head="picture"><img[^>]*alt="Much.".*?<\/tr>/s.exec(page) ?? [];
  expect([...row.matchAll(/data-head="([^"]*)"/g)].map(([, name]) => name)).toEqual([
    ...["picture", "key", "SDK name", "values", "default", "what"],
  ]);
  expect(row).toContain("<br><code><span>bl-20</span></code></td>");
  expect(pages.get("limits.html")).not.toContain("data-head");
});

test("each page has one title, a description, and ids that are its own", () => {
  for (const [file, html] of pages) {
    const ids = attributes(html, "id");
    expect([file, html.match(/<h1/g)?.length, ids.length - new Set(ids).size]).toEqual([file, 1, 0]);
    expect(/<meta name="description" content="([^"]*)"/.exec(html)?.[1], file).toMatch(/\w/);
  }
});

test("the navigation holds every group of docs/README.md, and the start page's tasks are pages", () => {
  const all = readPages(".");
  const groups = readNavigation(all);
  expect(groups.map(({ title }) => title).slice(0, 3)).toEqual(["Start", "Guides", "Upload"]);
  const listed = groups.flatMap(({ entries }) => entries.map(({ page }) => page.file));
  expect(listed).toContain("docs/gallery.html");
  expect(new Set(listed).size).toBe(listed.length);
  expect(tasks.filter(({ slug }) => !pages.has(`${slug}.html`))).toEqual([]);
});

test.each([
  ["TOKEN_USED", "errors"],
  ["max-file-size", "configuration"],
  ["nginx", "reverse-proxy#nginx"],
  ["signed url", "signed-urls"],
  ["next.js", "guides/nextjs"],
  ["trash", "trash"],
  ["verify webhook signature", "webhooks#verify-signatures"],
  ["derived images kept", "derived-cache#where-derived-images-are-kept"],
  ["back up", "backup-and-restore"],
  ["c-at_max", "transform"],
  ["imagekit sdk", "coming-from-imagekit"],
  ["resumabel", "resumable-uploads"],
])("the search finds %s", (words, address) => {
  const found = search(words).map((section) => section.address);
  expect(
    found.slice(0, 5).some((one) => one.startsWith(address)),
    found.slice(0, 8).join("\n"),
  ).toBe(true);
});

test.each([
  ["max file size", "limits#maximum-file-size"],
  ["webp", "guides/pictures#webp-and-avif"],
  ["expire", "signed-urls#when-a-url-expires"],
  ["delete user data", "account-data#delete-the-data-of-one-user"],
  ["gdpr", "account-data"],
  ["migrate from imagekit", "coming-from-imagekit"],
  ["move to s3", "backup-and-restore#move-to-postgresql-or-to-s3"],
  ["migrate to postgres", "backup-and-restore#move-to-postgresql-or-to-s3"],
  ["disk full", "operate/disk-full"],
  ["port in use", "operate/troubleshooting#the-port-is-in-use"],
  ["cors error", "operate/troubleshooting#cors-errors"],
  ["nginx 413", "reverse-proxy#nginx-answers-413"],
  ["signed url", "signed-urls"],
  ["rename file", "organising-files#copy-move-and-rename-one-file"],
  ["docker", "operate/docker"],
  ["clear cache", "derived-cache#purging-the-cache"],
  ["remove folder", "folders#delete-a-folder"],
  ["photo format", "transformations#format-quality-and-metadata"],
  ["watermark", "transformations#layers"],
  ["login", "console#signing-in"],
  ["migrate to s3", "backup-and-restore#move-to-postgresql-or-to-s3"],
])("the search for %s finds first %s", (words, address) => {
  const found = search(words).map((section) => section.address);
  expect(found[0], found.slice(0, 8).join("\n")).toBe(address);
});

function linksOf(file: string, html: string): { address: string; target: string; anchor: string }[] {
  const markup = html.replaceAll(/<code>.*?<\/code>/gs, "");
  return [...attributes(markup, "href"), ...attributes(markup, "src")]
    .filter((address) => !/^[a-z]+:/.test(address))
    .map((address) => {
      const [path = "", anchor = ""] = address.split("#");
      const target = path === "" ? file : fileOf(posix.join(posix.dirname(file), path).replace(/\/$/, ""));
      return { address, target, anchor: decodeURIComponent(anchor) };
    });
}

function attributes(html: string, name: string): string[] {
  return Array.from(html.matchAll(new RegExp(`<[^>]*? ${name}="([^"]*)"`, "g")), ([, value = ""]) => value);
}
