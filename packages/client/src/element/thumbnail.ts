import { make } from "./dom.ts";
import { resultOf, type UploaderItem } from "./item.ts";

/** A file's picture or, for what has none, the end of its name on a tile. */
export interface Thumbnail {
  readonly element: HTMLElement;
  /** Shows the picture, from the file itself where it is at hand. */
  show(): void;
  /** Gives the file's bytes free. */
  release(): void;
}

export function makeThumbnail(item: UploaderItem): Thumbnail {
  const { file, name } = item;
  const element = make("div", "thumbnail", {
    ariaHidden: "true",
    textContent: /\.(\w{1,4})$/.exec(name)?.[1] ?? "",
  });
  element.dataset.type = file?.type.split("/")[0] ?? "";
  let picture: HTMLImageElement | undefined;

  function release(): void {
    URL.revokeObjectURL(picture?.src ?? "");
    picture?.remove();
    picture = undefined;
  }

  return {
    element,
    release,
    show() {
      if (picture) return;
      const src = file?.type.startsWith("image/") ? URL.createObjectURL(file) : resultOf(item)?.thumbnailUrl;
      if (!src) return;
      // Formats that the browser can't show, and a policy that forbids `blob:`, leave the tile.
      picture = make("img", "", { loading: "lazy", alt: "", draggable: false, onerror: release });
      picture.src = src;
      // Below the mark.
      element.prepend(picture);
    },
  };
}
