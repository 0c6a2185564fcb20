import { addressFrom, resolveLink } from "./addresses.ts";
import type { Assets } from "./assets.ts";
import type { SitePage } from "./pages.ts";
import type { RenderedPage } from "./render-page.ts";

/**
 * Turns `docs/gallery.html`, which carries its pictures in itself, into an article of the site: each picture becomes a
 * file, and its size in pixels becomes attributes, since the site's policy takes neither styles in attributes nor images
 * in addresses.
 */
export function galleryArticle(page: SitePage, byFile: ReadonlyMap<string, SitePage>, assets: Assets): RenderedPage {
  const symbols = new Map(
    [...page.text.matchAll(/<symbol id="([^"]+)"[^>]*><image href="([^"]+)"/g)].map(([, id = "", data = ""]) => [
      id,
      data,
    ]),
  );
  const address = (data: string): string => addressFrom(page.slug, savePicture(data, assets));
  const body = between(page.text, "<header>", "</body>")
    .replaceAll(/<\/?(?:header|main)>/g, "")
    .replaceAll(
      /<svg role="img" style="--w:(\d+);--h:(\d+)"><title>(.*?)<\/title><use href="#([^"]+)"\/><\/svg>/gs,
      (_, width, height, title, id) =>
        `<img alt="${title.replaceAll('"', "&quot;")}" loading="lazy" ${half(width, height)} src="${address(symbols.get(id) ?? "")}">`,
    )
    .replaceAll(
      /<img alt="([^"]*)" loading="lazy" style="--w:(\d+);--h:(\d+)" src="([^"]+)">/g,
      (_, alt, width, height, data) =>
        `<img alt="${alt}" loading="lazy" ${half(width, height)} src="${address(data)}">`,
    )
    .replaceAll(/href="([^"#][^"]*)"/g, (whole, href) => {
      const target = resolveLink(page, href, byFile);
      return target.kind === "page" ? `href="${addressFrom(page.slug, target.slug)}"` : whole;
    })
    .replace("<h1>", '<h1 id="gallery">');
  return { title: "Gallery", html: `<div class="gallery">${body}</div>`, headings: [], broad: true };
}

/** Pictures are shown at half their size, so that they are sharp on good screens. */
function half(width: string, height: string): string {
  return `width="${Math.ceil(Number(width) / 2)}" height="${Math.ceil(Number(height) / 2)}"`;
}

function savePicture(data: string, assets: Assets): string {
  const [, type = "", base64 = ""] = /^data:image\/([\w+]+);base64,(.*)$/s.exec(data) ?? [];
  if (base64 === "") throw new Error(`The gallery has a picture that is no data URL: ${data.slice(0, 40)}`);
  const extension = type.replace("svg+xml", "svg").replace("jpeg", "jpg");
  return assets.add(`gallery.${extension}`, Buffer.from(base64, "base64"));
}

function between(text: string, begin: string, end: string): string {
  const [from, to] = [text.indexOf(begin), text.lastIndexOf(end)];
  if (from === -1 || to < from) throw new Error(`The gallery has no ${begin}`);
  return text.slice(from, to);
}
