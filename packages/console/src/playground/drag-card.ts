import type { PointerEvent } from "react";
import type { CardPlace } from "./card-place.ts";

/** This close to an edge of what scrolls, it scrolls. In pixels. */
const edge = 48;
/** The fastest scrolling, in pixels a frame. */
const maxSpeed = 14;

/**
 * Begins to drag a card among those of its list, with a mouse, a pen or a finger. A line shows where it goes. Escape ends it
 * without a change.
 */
export function dragCard(event: PointerEvent<HTMLElement>, { index, list, onMove }: CardPlace): void {
  if (!event.isPrimary || event.button !== 0) return;
  const cards = [...document.querySelectorAll<HTMLElement>(`[data-list="${CSS.escape(list)}"]`)];
  const card = cards[index];
  if (card === undefined) return;
  event.preventDefault();
  const grip: HTMLElement = event.currentTarget;
  grip.setPointerCapture(event.pointerId);

  const others = cards.filter((other) => other !== card);
  const scroller = scrollerOf(card);
  const over = new AbortController();
  const { signal } = over;
  let y = event.clientY;
  let to = index;
  card.dataset.dragged = "";

  function look(): void {
    to = others.filter((other) => middleOf(other) < y).length;
    clearPlace();
    if (to === index) return;
    const next = others[to];
    if (next !== undefined) next.dataset.drop = "before";
    else others.at(-1)?.setAttribute("data-drop", "after");
  }
  function clearPlace(): void {
    for (const other of others) delete other.dataset.drop;
  }
  function end(): void {
    over.abort();
    clearPlace();
    delete card?.dataset.dragged;
  }
  function scroll(): void {
    // The card may have been taken out of the page, and then nothing tells its grip that the finger is gone.
    if (!grip.isConnected) end();
    if (signal.aborted) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    const beyond = y < top + edge ? y - top - edge : Math.max(0, y - bottom + edge);
    if (beyond !== 0) {
      scroller.scrollBy({ top: Math.max(-maxSpeed, Math.min(maxSpeed, beyond / 3)), behavior: "instant" });
      look();
    }
    requestAnimationFrame(scroll);
  }

  grip.addEventListener(
    "pointermove",
    ({ clientY }) => {
      y = clientY;
      look();
    },
    { signal },
  );
  grip.addEventListener(
    "pointerup",
    () => {
      end();
      if (to !== index) onMove(to);
    },
    { signal },
  );
  grip.addEventListener("lostpointercapture", end, { signal });
  addEventListener(
    "keydown",
    (pressed) => {
      if (pressed.key !== "Escape") return;
      pressed.preventDefault();
      pressed.stopPropagation();
      end();
    },
    { signal, capture: true },
  );
  requestAnimationFrame(scroll);
}

function middleOf(card: HTMLElement): number {
  const { top, height } = card.getBoundingClientRect();
  return top + height / 2;
}

function scrollerOf(card: HTMLElement): Element {
  for (let around = card.parentElement; around !== null; around = around.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(around).overflowY);
    if (scrolls && around.scrollHeight > around.clientHeight) return around;
  }
  return document.documentElement;
}
