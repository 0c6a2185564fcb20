import { escapeHtml } from "./escape-html.ts";

/** A picture's address below the site's folder, and its size in pixels. */
export interface Picture {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

export interface ShownPicture {
  /** The pictures by their path in the repository. */
  readonly pictures: ReadonlyMap<string, Picture>;
  /** The picture's path in the repository. */
  readonly file: string;
  readonly text: string;
  /** Makes an address for the page of a path below the site's folder. */
  readonly addressOf: (path: string) => string;
  readonly lazy?: boolean;
}

/**
 * The markup of a picture. Where another one is named for dark mode, such as `console-dark.webp` beside `console.webp`, the
 * page has both, and the styles show one. `<picture>` would know the system's colours alone, and not the reader's choice.
 * @throws Error when there is no such picture
 */
export function pictureMarkup({ pictures, file, text, addressOf, lazy = true }: ShownPicture): string {
  const found = pictures.get(file);
  if (found === undefined) throw new Error(`${file} is no picture of the site`);
  const image = ({ path, width, height }: Picture, more: string): string =>
    `<img src="${addressOf(path)}" alt="${escapeHtml(text)}" width="${width}" height="${height}"${more}>`;
  const dark = pictures.get(file.replace(/(?=\.\w+$)/, "-dark"));
  if (dark === undefined) return image(found, lazy ? ' loading="lazy"' : "");
  // A browser does not load a lazy picture that is not shown.
  return image(found, ' class="in-light" loading="lazy"') + image(dark, ' class="in-dark" loading="lazy"');
}
