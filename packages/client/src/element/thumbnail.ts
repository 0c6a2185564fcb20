import { make } from "./dom.ts";
import { resultOf, type UploaderItem } from "./item.ts";

/** A file's picture. A file without one shows the end of its name on a tile. */
export interface Thumbnail {
  readonly element: HTMLElement;
  /** Shows the picture, from the file itself if it is available. */
  show(): void;
  /** Releases the memory of the file's bytes. */
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
      // The tile stays if the browser can't show the format, or if a policy forbids `blob:`.
      picture = make("img", "", { loading: "lazy", alt: "", draggable: false, onerror: release });
      picture.src = src;
      // The picture goes below the mark.
      element.prepend(picture);
    },
  };
}
