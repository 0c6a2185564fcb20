import type { Virtualizer } from "@tanstack/react-virtual";

/** Browsers cut off elements that are taller than some 17 to 33 million pixels. */
const maxHeight = 8_000_000;
const settleMs = 160;

type AnyVirtualizer = Virtualizer<HTMLElement, Element>;

/**
 * Lets a view of any height scroll in an element of a bounded height. Small movements are one to one. A large one, such
 * as a drag of the scroll bar, leads to the same share of the whole. Once scrolling has ended, the scroll bar is put
 * where it belongs, and the content stays where it is.
 */
export class TallScroll {
  #height = 0;
  #top = 0;
  #barTop = 0;

  /** The height of the whole content in pixels. */
  set height(height: number) {
    this.#height = height;
  }

  /** The height of the element that scrolls. */
  get shownHeight(): number {
    return Math.min(this.#height, maxHeight);
  }

  /** The difference between a row's place in the content and its place in the element. */
  get shift(): number {
    return this.#height <= maxHeight ? 0 : this.#top - this.#barTop;
  }

  readonly observe = (
    virtualizer: AnyVirtualizer,
    tell: (offset: number, isScrolling: boolean) => void,
  ): (() => void) => {
    const element = virtualizer.scrollElement;
    if (element === null) return () => undefined;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      this.#move(element);
      tell(this.#top, true);
      clearTimeout(settling);
      settling = setTimeout(() => {
        this.#settle(element);
        tell(this.#top, false);
      }, settleMs);
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    this.#barTop = element.scrollTop;
    tell(this.#top, false);
    return () => {
      clearTimeout(settling);
      element.removeEventListener("scroll", onScroll);
    };
  };

  readonly scrollTo = (offset: number, _options: unknown, virtualizer: AnyVirtualizer): void => {
    const element = virtualizer.scrollElement;
    if (element === null) return;
    this.#top = offset;
    this.#barTop = this.#barOf(offset, element);
    element.scrollTop = this.#barTop;
  };

  #move(element: HTMLElement): void {
    const bar = element.scrollTop;
    const moved = bar - this.#barTop;
    const isSmall = Math.abs(moved) < 2 * element.clientHeight;
    if (this.#height <= maxHeight) this.#top = bar;
    else if (isSmall) this.#top = clamp(this.#top + moved, 0, this.#height - element.clientHeight);
    else this.#top = bar * this.#ratio(element);
    this.#barTop = bar;
  }

  #settle(element: HTMLElement): void {
    if (this.#height <= maxHeight) return;
    this.#barTop = Math.round(this.#barOf(this.#top, element));
    element.scrollTop = this.#barTop;
  }

  #barOf(top: number, element: HTMLElement): number {
    return this.#height <= maxHeight ? top : top / this.#ratio(element);
  }

  #ratio({ clientHeight }: HTMLElement): number {
    return (this.#height - clientHeight) / (maxHeight - clientHeight);
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
