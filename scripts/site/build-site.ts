import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { colours } from "../../packages/server/src/web/colours.ts";
import { icon } from "../../packages/server/src/web/icon.ts";
import { plainText } from "../doc-checks/markdown.ts";
import { Assets } from "./assets.ts";
import { bundleScripts } from "./bundle-scripts.ts";
import { type FrameFiles, frame } from "./frame.ts";
import { galleryArticle } from "./gallery.ts";
import { readNavigation } from "./navigation.ts";
import { readPages, type SitePage } from "./pages.ts";
import { readPictures } from "./read-pictures.ts";
import { type RenderContext, type RenderedPage, renderPage } from "./render-page.ts";
import { sectionsOf } from "./search-sections.ts";
import { startPage } from "./start-page.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The page at which a server has the reference of its API. Elsewhere the site has a page that says so. */
const reference = { slug: "api", file: "docs/api-reference.md" };

/**
 * Builds the documentation's site into a folder: a page for each page of the repository, and the files they load.
 * It is our own, since VitePress and Starlight would each bring a second toolchain.
 */
export async function buildSite(outDir: string): Promise<void> {
  const pages = readPages(root);
  const byFile = new Map(pages.map((page) => [page.file, page]));
  const navigation = readNavigation(pages);
  const assets = new Assets();
  const [pictures, scripts, styles] = await Promise.all([
    readPictures(root, assets),
    bundleScripts(assets),
    readFile(new URL("styles.css", import.meta.url), "utf8"),
  ]);
  const entries = new Map(navigation.flatMap((group) => group.entries.map((entry) => [entry.page, entry])));
  const context: RenderContext = { byFile, pictures };
  const articles = new Map(pages.map((page) => [page, article(page, context, assets)]));
  const sections = [...articles].flatMap(([page, { title }]) =>
    isSearched(page) ? sectionsOf(page, entries.get(page)?.title ?? title) : [],
  );
  const files: FrameFiles = {
    ...scripts,
    styles: assets.add("styles.css", `:root {\n  ${colours}\n}\n${styles}`),
    icon: assets.add("icon.svg", icon),
    sections: assets.add("sections.json", JSON.stringify(sections)),
  };

  await rm(outDir, { recursive: true, force: true });
  await assets.write(outDir);
  const write = async (slug: string, html: string): Promise<void> => {
    const path = join(outDir, `${slug === "" ? "index" : slug}.html`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, html);
  };
  for (const [page, rendered] of articles) {
    const description = isMarkdown(page) ? purposeOf(page) : (entries.get(page)?.purpose ?? "");
    await write(page.slug, frame({ ...rendered, slug: page.slug, description }, navigation, files));
  }
  const referencePage = byFile.get(reference.file);
  if (referencePage !== undefined) {
    const rendered = article({ ...referencePage, slug: reference.slug }, context, assets);
    const description = purposeOf(referencePage);
    await write(reference.slug, frame({ ...rendered, slug: reference.slug, description }, navigation, files));
  }
  // The start page last: a build is one once it has this page.
  await write("", frame(startPage(navigation, pictures), navigation, files));
}

function article(page: SitePage, context: RenderContext, assets: Assets): RenderedPage {
  return isMarkdown(page) ? renderPage(page, context) : galleryArticle(page, context.byFile, assets);
}

/** The list of all pages would be found by every word. */
function isSearched(page: SitePage): boolean {
  return isMarkdown(page) && page.slug !== "all-pages";
}

function isMarkdown({ file }: SitePage): boolean {
  return file.endsWith(".md");
}

/** The first sentence below the title says what a page is for. */
function purposeOf({ text }: SitePage): string {
  const [, paragraph = ""] = /^# .+\n\n((?:.+\n)+)/.exec(text) ?? [];
  return plainText(paragraph.replaceAll("`", "")).replaceAll(/\s+/g, " ").trim();
}
