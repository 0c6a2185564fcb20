import type { DragEvent, HTMLAttributes } from "react";
import { tellProblem } from "../shell/tell-problem.ts";
import { type Item, mayPlace, pathOf } from "./items.ts";
import { placeItems } from "./organise.ts";

/** The items that are being dragged. A page sees what is dragged over it only once it is dropped. */
let dragged: readonly Item[] = [];
const dragType = "application/x-sluice-items";

export function startDrag(event: DragEvent, items: readonly Item[]): void {
  dragged = items;
  event.dataTransfer.effectAllowed = "copyMove";
  event.dataTransfer.setData(dragType, "");
  event.dataTransfer.setData("text/plain", items.map(pathOf).join("\n"));
}

export function endDrag(): void {
  dragged = [];
}

/** The handlers of a place into which items are dropped. They are copied while Ctrl or Alt is held, else moved. */
export function dropFolder(folder: string): HTMLAttributes<HTMLElement> {
  const leave = (event: DragEvent<HTMLElement>): void => {
    delete event.currentTarget.dataset.over;
  };
  return {
    onDragOver(event) {
      if (!event.dataTransfer.types.includes(dragType) || !mayPlace(dragged, folder)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = event.ctrlKey || event.altKey ? "copy" : "move";
      event.currentTarget.dataset.over = "";
    },
    onDragLeave: leave,
    onDrop(event) {
      leave(event);
      if (!event.dataTransfer.types.includes(dragType)) return;
      event.preventDefault();
      event.stopPropagation();
      const how = event.ctrlKey || event.altKey ? "copy" : "move";
      const items = dragged;
      placeItems(items, folder, how).catch(tellProblem);
    },
  };
}
