import { posix } from "node:path";
import type { SitePage } from "../site/pages.ts";

/**
 * Makes a package's README readable where no file of the repository is beside it, such as on a registry's page. Links into
 * the documentation become its address on a Sluice server, each of which serves the documentation. Other links to files
 * become their text. Links to headings of the README itself stay.
 * @param folder the package's folder in the repository
 */
export function selfContained(readme: string, folder: string, pages: readonly SitePage[]): string {
  const slugs = new Map(pages.map(({ file, slug }) => [file, slug]));
  const text = readme
    .split(/^(```[\s\S]*?^```)$/m)
    .map((part) => (part.startsWith("```") ? part : part.replaceAll(relativeLink, rewrite)))
    .join("");
  return text.includes("`/docs/") ? `${text.trimEnd()}\n\n${explanation}\n` : text;

  function rewrite(_link: string, text: string, path: string, anchor = ""): string {
    const slug = slugs.get(posix.join(folder, path));
    if (slug === undefined) return text;
    const address = `\`/docs/${slug}${anchor}\``;
    // A text that is the file's path says no more than the address.
    return path.endsWith(text) ? address : `${text} (${address})`;
  }
}

const explanation =
  "Addresses that begin with `/docs/` are pages of the documentation, which each Sluice server serves.";

const relativeLink = /\[([^\]]+)\]\((\.[^)#\s]*)(#[^)\s]*)?\)/g;
