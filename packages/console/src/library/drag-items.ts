import type { DragEvent, HTMLAttributes } from "react";
import { tellProblem } from "../shell/tell-problem.ts";
import { type Choice, mayPlace } from "./choice.ts";
import { pathOf } from "./items.ts";
import { placeItems } from "./organise.ts";

/** What is being dragged. A page sees what is dragged over it only once it is dropped. */
let dragged: Choice | undefined;
const dragType = "application/x-sluice-items";

export function startDrag(event: DragEvent, choice: Choice): void {
  dragged = choice;
  event.dataTransfer.effectAllowed = "copyMove";
  event.dataTransfer.setData(dragType, "");
  event.dataTransfer.setData("text/plain", [...choice.folders, ...choice.files].map(pathOf).join("\n"));
}

export function endDrag(): void {
  dragged = undefined;
}

/** The handlers of a place into which items are dropped. They are copied while Ctrl or Alt is held, else moved. */
export function dropFolder(folder: string): HTMLAttributes<HTMLElement> {
  const leave = (event: DragEvent<HTMLElement>): void => {
    delete event.currentTarget.dataset.over;
  };
  return {
    onDragOver(event) {
      if (!event.dataTransfer.types.includes(dragType) || !dragged || !mayPlace(dragged, folder)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = event.ctrlKey || event.altKey ? "copy" : "move";
      event.currentTarget.dataset.over = "";
    },
    onDragLeave: leave,
    onDrop(event) {
      leave(event);
      const choice = dragged;
      if (!event.dataTransfer.types.includes(dragType) || !choice) return;
      event.preventDefault();
      event.stopPropagation();
      const how = event.ctrlKey || event.altKey ? "copy" : "move";
      placeItems(choice, folder, how).catch(tellProblem);
    },
  };
}
