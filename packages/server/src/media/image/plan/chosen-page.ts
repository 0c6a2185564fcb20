import type { Page } from "@sluice/grammar";
import type { LayerSelection } from "@sluice/pages";

/** The page of a file, or the layers of a Photoshop file. At most one of them is there. */
export interface ChosenPage {
  /** The page is counted from 1. */
  readonly page?: number | undefined;
  readonly layers?: LayerSelection | undefined;
}

/** Tells pages and choices of layers of a file apart. It is empty for the file as it is shown when none is asked for. */
export function chosenPageKey({ page, layers }: ChosenPage): string {
  return layers === undefined ? `${page ?? ""}` : JSON.stringify(layers);
}

/** Reads which page or layers the parameter `pg` chooses. */
export function readPage(asked: Page | undefined): ChosenPage {
  switch (asked?.kind) {
    case "page":
      return { page: asked.page };
    case "layers":
      return { layers: { ranges: asked.ranges.map(({ from, to }) => ({ from: from - 1, to: to && to - 1 })) } };
    case "names":
      return { layers: { names: asked.names } };
    case undefined:
      return {};
  }
}
