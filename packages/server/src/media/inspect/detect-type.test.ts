import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FileByteSource } from "../byte-source.ts";
import { detectType } from "./detect-type.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-media-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function typeOf(content: string | Buffer, fileName: string): Promise<string> {
  const bytes = Buffer.from(content);
  const path = join(folder, "content");
  await writeFile(path, bytes);
  const source = new FileByteSource(path, bytes.length, undefined, undefined);
  try {
    return (await detectType(source, fileName)).mime;
  } finally {
    await source.close();
  }
}

test.each([
  ["a.html", "text/html"],
  ["a.HTML", "text/html"],
  ["a.css", "text/css"],
  ["a.js", "text/javascript"],
  ["a.json", "application/json"],
  ["a.csv", "text/csv"],
  ["a.xml", "application/xml"],
  ["a.md", "text/markdown"],
  ["a.vtt", "text/vtt"],
  ["a.srt", "application/x-subrip"],
  ["a.m3u8", "application/vnd.apple.mpegurl"],
  ["a.mpd", "application/dash+xml"],
  ["a.yaml", "application/yaml"],
  ["a.txt", "text/plain"],
  ["a.b.json", "application/json"],
])("the extension decides among text types: %s", async (name, mime) => {
  expect(await typeOf("some text ✓", name)).toBe(mime);
});

test.each(["a.jpg", "a.png", "a.mp4", "a.exe", "a", ".html", "a.", "a.unknown", "a.constructor", "a.__proto__"])(
  "text under a binary extension or without one is plain text: %s",
  async (name) => {
    expect(await typeOf("some text", name)).toBe("text/plain");
    expect(await typeOf("<html><script>alert(1)</script>", name)).toBe("text/plain");
  },
);

test("an svg needs both its name and its root", async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>`;
  expect(await typeOf(svg, "a.svg")).toBe("image/svg+xml");
  expect(await typeOf(`\ufeff<?xml version="1.0"?>${svg}`, "a.svg")).toBe("image/svg+xml");
  expect(await typeOf(Buffer.from(`\ufeff${svg}`, "utf16le"), "a.svg")).toBe("image/svg+xml");
  expect(await typeOf(svg, "a.txt")).toBe("text/plain");
  expect(await typeOf(svg, "a.png")).toBe("text/plain");
  expect(await typeOf(svg, "a")).toBe("text/plain");
  expect(await typeOf(svg, "a.xml")).toBe("application/xml");
});

test.each(["<!DOCTYPE html><html><svg/></html>", "<html/>", "hello", "{}", `<!--${" ".repeat(70_000)}--><svg/>`])(
  "an .svg without an svg root is plain text: %#",
  async (content) => {
    expect(await typeOf(content, "a.svg")).toBe("text/plain");
  },
);

test("binary content goes by its magic number, whatever the name", async () => {
  const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: "#000" } })
    .png()
    .toBuffer();
  for (const name of ["a.txt", "a.html", "a.svg", "a.jpg", "a"]) {
    expect(await typeOf(png, name)).toBe("image/png");
  }
  expect(await typeOf(Buffer.from([1, 2, 3, 0]), "a.txt")).toBe("application/octet-stream");
  expect(await typeOf(Buffer.from([1, 2, 3, 0]), "a.png")).toBe("application/octet-stream");
});

test("text that turns binary later is no text, wherever it turns", async () => {
  for (const length of [4200, 70_000, 600_000]) {
    expect(await typeOf(`${"text\n".repeat(length / 5)}\0`, "a.html")).toBe("application/octet-stream");
    expect(await typeOf("ü".repeat(length), "a.html")).toBe("text/html");
  }
});

test("an empty file is of no known type", async () => {
  expect(await typeOf("", "a.txt")).toBe("application/octet-stream");
});
