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
  const isOver = useRef(false);

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
      isOver.current = false;
      if (!isTouch.current || !isPrimary) return;
      const timer = setTimeout(() => {
        isOver.current = true;
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
    onClickCapture(event: MouseEvent): void {
      if (!isOver.current) return;
      isOver.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
