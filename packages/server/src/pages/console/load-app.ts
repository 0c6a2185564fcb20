import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Coding } from "../../delivery/headers/accepted-coding.ts";
import { hashSource } from "../content-security-policy.ts";

/** A file of the app. */
export interface AppFile {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly type: string;
  /** The bytes in a coding; undefined for a file that would hardly get smaller. Each coding is made once. */
  readonly coded?: ((coding: Coding) => Promise<Buffer>) | undefined;
}

export interface ConsoleApp {
  readonly page: string;
  /** The hashes of the scripts and styles that the page itself contains, as a policy spells them. */
  readonly inline: { readonly scripts: readonly string[]; readonly styles: readonly string[] };
  /** The other files by their path below the page's folder. Their names contain a hash of their content. */
  readonly files: ReadonlyMap<string, AppFile>;
}

const types: Readonly<Record<string, { readonly type: string; readonly compressible?: true }>> = {
  js: { type: "text/javascript; charset=utf-8", compressible: true },
  css: { type: "text/css; charset=utf-8", compressible: true },
  svg: { type: "image/svg+xml", compressible: true },
  json: { type: "application/json; charset=utf-8", compressible: true },
  wasm: { type: "application/wasm", compressible: true },
  png: { type: "image/png" },
  webp: { type: "image/webp" },
  woff2: { type: "font/woff2" },
};

/** Reads the app into memory: it is a few megabytes long, and only what the build has made is ever served. */
export async function loadApp(folder: string): Promise<ConsoleApp> {
  const page = await readFile(join(folder, "index.html"), "utf8");
  const files = new Map<string, AppFile>();
  for (const entry of await readdir(join(folder, "assets"), { recursive: true, withFileTypes: true })) {
    const kind = types[entry.name.split(".").at(-1) ?? ""];
    if (!entry.isFile() || kind === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const coded = kind.compressible && bytes.length > 1000 ? codings(bytes) : undefined;
    files.set(relative(folder, path).split(sep).join("/"), { bytes, type: kind.type, coded });
  }
  return { page, inline: { scripts: hashesOf(page, "script"), styles: hashesOf(page, "style") }, files };
}

function codings(bytes: Buffer): NonNullable<AppFile["coded"]> {
  const made = new Map<string, Promise<Buffer>>();
  return (coding) => {
    const known = made.get(coding) ?? (coding === "br" ? brotli(bytes) : promisify(gzip)(bytes, { level: 9 }));
    made.set(coding, known);
    return known;
  };
}

/** Close to the smallest size, in a tenth of the time. */
function brotli(bytes: Buffer): Promise<Buffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return promisify(brotliCompress)(bytes, { params });
}

/** The page comes from the build and not from a stranger, so its elements are found by their text. */
function hashesOf(page: string, element: "script" | "style"): string[] {
  const contents = page.matchAll(new RegExp(`<${element}(?![^>]*\\bsrc=)[^>]*>([^]*?)</${element}>`, "g"));
  return [...contents].map(([, text = ""]) => hashSource(text));
}
