import type { DragEvent, HTMLAttributes } from "react";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { filesOfDrop } from "./found-files.ts";
import { startUploads } from "./uploads.ts";

/** The handlers of a view onto which files and folders of the device are dropped. */
export function dropUploads(folder: string): HTMLAttributes<HTMLElement> {
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    onDragOver(event) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      event.currentTarget.dataset.over = texts.uploads.drop(folder);
    },
    onDragLeave(event) {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) delete event.currentTarget.dataset.over;
    },
    onDrop(event) {
      delete event.currentTarget.dataset.over;
      if (!hasFiles(event)) return;
      event.preventDefault();
      filesOfDrop(event.dataTransfer)
        .then((found) => startUploads(folder, found))
        .catch(tellProblem);
    },
  };
}
