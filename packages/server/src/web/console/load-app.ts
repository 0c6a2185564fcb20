import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type AppFile, readAppFiles } from "../build/app-files.ts";
import { hashSource } from "../content-security-policy.ts";

export interface ConsoleApp {
  readonly page: string;
  /** The hashes of the scripts and styles that the page itself contains, as a policy spells them. */
  readonly inline: { readonly scripts: readonly string[]; readonly styles: readonly string[] };
  /** The other files by their path below the page's folder. Their names contain a hash of their content. */
  readonly files: ReadonlyMap<string, AppFile>;
}

/** Reads the app into memory: it is a few megabytes long, and only what the build has made is ever served. */
export async function loadApp(folder: string): Promise<ConsoleApp> {
  const page = await readFile(join(folder, "index.html"), "utf8");
  const files = await readAppFiles(folder, "assets");
  return { page, inline: { scripts: hashesOf(page, "script"), styles: hashesOf(page, "style") }, files };
}

/** The page comes from the build and not from a stranger, so its elements are found by their text. */
function hashesOf(page: string, element: "script" | "style"): string[] {
  const contents = page.matchAll(new RegExp(`<${element}(?![^>]*\\bsrc=)[^>]*>([^]*?)</${element}>`, "g"));
  return [...contents].map(([, text = ""]) => hashSource(text));
}
