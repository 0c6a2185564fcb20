import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { heightOf, type RowSizes, rowAt, topOf } from "./rows.ts";
import { TallScroll } from "./tall-scroll.ts";

/** Rows that are drawn above and below those in sight. */
const overscan = 3;

interface Shown {
  readonly first: number;
  readonly last: number;
  /** The difference between a row's place in the content and its place in the element. */
  readonly shift: number;
}

export interface ShownRows extends Shown {
  /** The height of the element that scrolls. */
  readonly height: number;
  /** Scrolls as little as it takes to have the whole row in sight. */
  scrollToRow(row: number): void;
  scrollBy(pixels: number): void;
  /** Whether some of a row is in sight, where the rows have these sizes. */
  isInSight(row: number, sizes: RowSizes): boolean;
  /** The place in the content that is at the top of the element. */
  top(): number;
  scrollTo(top: number): void;
}

/** The rows in sight of an element that scrolls. Of a million rows, nothing is computed but their first and last one. */
export function useRows(scroller: RefObject<HTMLElement | null>, sizes: RowSizes): ShownRows {
  const [tall] = useState(() => new TallScroll());
  const [shown, setShown] = useState<Shown>({ first: 0, last: -1, shift: 0 });
  const newest = useRef(sizes);
  newest.current = sizes;
  tall.height = heightOf(sizes);

  const look = useCallback(() => {
    const { folderRows, fileRows } = newest.current;
    const first = Math.max(0, rowAt(tall.top, newest.current) - overscan);
    const end = rowAt(tall.top + tall.viewHeight, newest.current) + overscan;
    const last = Math.min(folderRows + fileRows - 1, end);
    const { shift } = tall;
    setShown((before) =>
      before.first === first && before.last === last && before.shift === shift ? before : { first, last, shift },
    );
  }, [tall]);

  // The sizes and the number of rows may have changed.
  useLayoutEffect(look);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const resizes = new ResizeObserver(() => {
      tall.viewHeight = element.clientHeight;
      look();
    });
    resizes.observe(element);
    const end = tall.listen(element, look);
    return () => {
      resizes.disconnect();
      end();
    };
  }, [scroller, tall, look]);

  const scrollTo = useCallback(
    (top: number) => {
      if (scroller.current !== null) tall.scrollTo(scroller.current, top);
      look();
    },
    [scroller, tall, look],
  );
  const scrollToRow = useCallback(
    (row: number) => {
      const [begin, end] = [topOf(row, newest.current), topOf(row + 1, newest.current)];
      if (begin < tall.top) scrollTo(begin);
      else if (end > tall.top + tall.viewHeight) scrollTo(end - tall.viewHeight);
    },
    [tall, scrollTo],
  );
  const scrollBy = useCallback((pixels: number) => scrollTo(tall.top + pixels), [tall, scrollTo]);
  const top = useCallback(() => tall.top, [tall]);
  const isInSight = (row: number, sizes: RowSizes): boolean =>
    topOf(row + 1, sizes) > tall.top && topOf(row, sizes) < tall.top + tall.viewHeight;
  return { ...shown, height: tall.shownHeight, scrollToRow, scrollBy, isInSight, top, scrollTo };
}
