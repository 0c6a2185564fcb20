import { hasPicture, kindOf, type LibraryFile, thumbnailAt, withTransformation } from "../library/library-file.ts";

const widths = [480, 960, 1440];

/** The transformation of the still that is a video's poster. */
const posterSize = "w-960,h-960,c-at_max";

export interface UrlsOf {
  /** The URL of the file in a transformation; without one, that of the file itself. */
  readonly file: (transformation: string) => string;
  /** The URL of the file's still picture in a transformation. */
  readonly thumbnail: (transformation: string) => string;
}

/** The transformations whose URLs a snippet needs. */
export interface NeededUrls {
  readonly transformations: readonly string[];
  readonly thumbnails: readonly string[];
}

/** The ways in which a file is used elsewhere. */
export const snippets = {
  URL: (_file: LibraryFile, urls: UrlsOf) => urls.file(""),
  HTML: (file: LibraryFile, urls: UrlsOf) => html(file, urls),
  React: (file: LibraryFile, urls: UrlsOf) =>
    isVideo(file)
      ? html(file, urls).replace(/playsinline (\S+)><\/video>$/, "playsInline $1 />")
      : html(file, urls).replace("srcset=", "srcSet=").replace(/>$/, " />"),
  Markdown: (file: LibraryFile, urls: UrlsOf) => `![${markdown(altOf(file))}](${urls.file("")})`,
  curl: ({ name }: LibraryFile, urls: UrlsOf) => `curl -o ${shell(name)} ${shell(urls.file(""))}`,
} as const;
export type SnippetKind = keyof typeof snippets;

/** The kinds of snippets that a file has. */
export function snippetKindsOf(file: LibraryFile): readonly SnippetKind[] {
  if (file.fileType === "image") return Object.keys(snippets) as SnippetKind[];
  return isVideo(file) ? ["URL", "HTML", "React", "curl"] : ["URL", "curl"];
}

export function plainUrls({ url }: Pick<LibraryFile, "url">): UrlsOf {
  return {
    file: (transformation) => (transformation === "" ? url : withTransformation(url, transformation)),
    thumbnail: (transformation) => thumbnailAt(url, transformation),
  };
}

export function neededUrls(kind: SnippetKind, file: LibraryFile): NeededUrls {
  const isPage = kind === "HTML" || kind === "React";
  if (isVideo(file)) return { transformations: [""], thumbnails: isPage && hasPicture(file) ? [posterSize] : [] };
  const widths = isPage ? usefulWidths(file).map((width) => `w-${width}`) : [];
  return { transformations: ["", ...widths], thumbnails: [] };
}

function isVideo(file: LibraryFile): boolean {
  return kindOf(file) === "video";
}

function usefulWidths({ width }: LibraryFile): readonly number[] {
  return widths.filter((each) => width === undefined || each <= width);
}

function html(file: LibraryFile, urls: UrlsOf): string {
  const { width, height } = file;
  const size = width === undefined || height === undefined ? "" : ` width="${width}" height="${height}"`;
  if (isVideo(file)) {
    const poster = hasPicture(file) ? ` poster="${attribute(urls.thumbnail(posterSize))}"` : "";
    const label = ` aria-label="${attribute(altOf(file))}"`;
    return `<video src="${attribute(urls.file(""))}"${poster}${label}${size} controls playsinline preload="none"></video>`;
  }
  const useful = usefulWidths(file);
  const srcset = useful.map((each) => `${urls.file(`w-${each}`)} ${each}w`).join(", ");
  const set = useful.length === 0 ? "" : ` srcset="${attribute(srcset)}" sizes="100vw"`;
  return `<img src="${attribute(urls.file(""))}"${set} alt="${attribute(altOf(file))}"${size} loading="lazy">`;
}

function altOf({ description, name }: LibraryFile): string {
  return description ?? name;
}

function attribute(text: string): string {
  return text.replace(/[&"<{}]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A text that ends neither the picture's text nor its line. */
function markdown(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\[\]<`]/g, "\\$&");
}

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
