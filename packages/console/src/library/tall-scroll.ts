/** Browsers cut off elements that are taller than some 17 to 33 million pixels. */
const maxHeight = 8_000_000;
const settleMs = 160;

/**
 * Lets a view of any height scroll in an element of a bounded height. Small movements are one to one. A large one, such
 * as a drag of the scroll bar, leads to the same share of the whole. Once scrolling has ended, the scroll bar is put
 * where it belongs, and the content stays where it is.
 */
export class TallScroll {
  #height = 0;
  #viewHeight = 0;
  #top = 0;
  #barTop = 0;

  /** The height of the whole content in pixels. */
  set height(height: number) {
    this.#height = height;
  }

  /** The height of the part in sight. Reading it from the element would have the browser lay the page out. */
  set viewHeight(height: number) {
    this.#viewHeight = height;
  }

  get viewHeight(): number {
    return this.#viewHeight;
  }

  /** The place in the content that is at the top of the element. */
  get top(): number {
    return this.#top;
  }

  /** The height of the element that scrolls. */
  get shownHeight(): number {
    return Math.min(this.#height, maxHeight);
  }

  /** The difference between a row's place in the content and its place in the element. */
  get shift(): number {
    return this.#height <= maxHeight ? 0 : this.#top - this.#barTop;
  }

  /** Calls back whenever the content has moved. @returns a function that ends it */
  listen(element: HTMLElement, tell: () => void): () => void {
    let settling: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      this.#move(element);
      tell();
      clearTimeout(settling);
      settling = setTimeout(() => {
        this.#settle(element);
        tell();
      }, settleMs);
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(settling);
      element.removeEventListener("scroll", onScroll);
    };
  }

  scrollTo(element: HTMLElement, top: number): void {
    this.#top = clamp(top, 0, Math.max(0, this.#height - this.#viewHeight));
    this.#barTop = this.#barOf(this.#top);
    element.scrollTop = this.#barTop;
  }

  #move(element: HTMLElement): void {
    const bar = element.scrollTop;
    const moved = bar - this.#barTop;
    const isSmall = Math.abs(moved) < 2 * this.#viewHeight;
    if (this.#height <= maxHeight) this.#top = bar;
    else if (isSmall) this.#top = clamp(this.#top + moved, 0, this.#height - this.#viewHeight);
    else this.#top = bar * this.#ratio();
    this.#barTop = bar;
  }

  #settle(element: HTMLElement): void {
    if (this.#height <= maxHeight) return;
    this.#barTop = Math.round(this.#barOf(this.#top));
    element.scrollTop = this.#barTop;
  }

  #barOf(top: number): number {
    return this.#height <= maxHeight ? top : top / this.#ratio();
  }

  #ratio(): number {
    return (this.#height - this.#viewHeight) / (maxHeight - this.#viewHeight);
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
