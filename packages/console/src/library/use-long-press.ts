import { type MouseEvent, type PointerEvent, useRef } from "react";

const holdMs = 450;
/** A finger that moves further scrolls. In pixels. */
const maxMove = 10;

/**
 * The handlers of an element by which a finger that stays on a part of it does something else than a tap does. They
 * keep the browser from dragging the part, and from opening a menu for it.
 */
export function useLongPress(run: (target: EventTarget) => void) {
  const press = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly x: number; readonly y: number }>(
    undefined,
  );
  const isTouch = useRef(false);

  function end(): void {
    clearTimeout(press.current?.timer);
    press.current = undefined;
  }

  function stopTouch(event: MouseEvent): void {
    if (!isTouch.current) return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    onPointerDown({ pointerType, isPrimary, clientX: x, clientY: y, target }: PointerEvent): void {
      end();
      isTouch.current = pointerType === "touch";
      if (!isTouch.current || !isPrimary) return;
      const timer = setTimeout(() => {
        stopNextClick();
        run(target);
      }, holdMs);
      press.current = { timer, x, y };
    },
    onPointerMove({ clientX, clientY }: PointerEvent): void {
      const { x = clientX, y = clientY } = press.current ?? {};
      if (Math.hypot(clientX - x, clientY - y) > maxMove) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onContextMenuCapture: stopTouch,
    onDragStartCapture: stopTouch,
  };
}

/**
 * Keeps the click from everybody that follows when the finger is lifted. What has opened meanwhile may be under it, such as
 * a button that deletes.
 */
function stopNextClick(): void {
  const over = new AbortController();
  const { signal } = over;
  const stop = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    over.abort();
  };
  addEventListener("click", stop, { capture: true, signal });
  addEventListener("pointerdown", () => over.abort(), { capture: true, signal });
}
