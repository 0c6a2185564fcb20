import { type LibraryFile, withTransformation } from "../library/library-file.ts";

const widths = [480, 960, 1440];

/** Gives the URL of the file in a transformation; without one, that of the file itself. */
export type UrlOf = (transformation: string) => string;

/** The ways in which a file is used elsewhere. */
export const snippets = {
  URL: (_file: LibraryFile, urlOf: UrlOf) => urlOf(""),
  HTML: (file: LibraryFile, urlOf: UrlOf) => html(file, urlOf),
  React: (file: LibraryFile, urlOf: UrlOf) => html(file, urlOf).replace("srcset=", "srcSet=").replace(/>$/, " />"),
  Markdown: (file: LibraryFile, urlOf: UrlOf) => `![${markdown(altOf(file))}](${urlOf("")})`,
  curl: ({ name }: LibraryFile, urlOf: UrlOf) => `curl -o ${shell(name)} ${shell(urlOf(""))}`,
} as const;
export type SnippetKind = keyof typeof snippets;

export function plainUrls({ url }: Pick<LibraryFile, "url">): UrlOf {
  return (transformation) => (transformation === "" ? url : withTransformation(url, transformation));
}

/** The transformations whose URLs a kind of snippet needs. */
export function transformationsOf(kind: SnippetKind, file: LibraryFile): readonly string[] {
  return kind === "HTML" || kind === "React" ? ["", ...usefulWidths(file).map((width) => `w-${width}`)] : [""];
}

function usefulWidths({ width }: LibraryFile): readonly number[] {
  return widths.filter((each) => width === undefined || each <= width);
}

function html(file: LibraryFile, urlOf: UrlOf): string {
  const { width, height } = file;
  const useful = usefulWidths(file);
  const srcset = useful.map((each) => `${urlOf(`w-${each}`)} ${each}w`).join(", ");
  const size = width === undefined || height === undefined ? "" : ` width="${width}" height="${height}"`;
  const set = useful.length === 0 ? "" : ` srcset="${attribute(srcset)}" sizes="100vw"`;
  return `<img src="${attribute(urlOf(""))}"${set} alt="${attribute(altOf(file))}"${size} loading="lazy">`;
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
