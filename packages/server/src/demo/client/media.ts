import type { StoredFile } from "./card-state.ts";
import { partOf } from "./dom.ts";
import { formatSize } from "./format-size.ts";

/** What stands in a picture's place while there is none: the kind of file, from its name. */
export function showKind(card: HTMLElement, fileName: string): void {
  const extension = /\.([\p{L}\p{N}]{1,5})$/u.exec(fileName)?.[1];
  partOf(card, "kind", HTMLElement).textContent = extension?.toUpperCase() ?? "FILE";
}

/** The stored file as it is delivered: a picture from its URL, and its facts. */
export function showDelivered(card: HTMLElement, file: StoredFile): void {
  const { url, size, width, height, versionInfo } = file;
  const pixels = width === undefined || height === undefined ? [] : [`${width} × ${height}`];
  partOf(card, "facts", HTMLElement).textContent = [formatSize(size), ...pixels, versionInfo.name].join(" · ");
  const link = partOf(card, "link", HTMLAnchorElement);
  link.href = url;
  link.textContent = url;
  if (file.fileType === "image") showPicture(card, file);
}

function showPicture(card: HTMLElement, { url, name, versionInfo }: StoredFile): void {
  const picture = new Image();
  picture.alt = `${name}, as it is delivered`;
  picture.decoding = "async";
  picture.addEventListener("load", () => partOf(card, "kind", HTMLElement).replaceChildren());
  // Types that this browser can't show keep their kind; the link still leads to the file.
  picture.addEventListener("error", () => picture.remove());
  // The same URL delivers each new version, but a browser shows what it has shown before in the same page.
  picture.src = versionInfo.name === "Version 1" ? url : `${url}?v=${versionInfo.id}`;
  card.querySelector(".media img")?.remove();
  card.querySelector(".media")?.append(picture);
}
