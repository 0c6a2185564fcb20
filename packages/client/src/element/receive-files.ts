import { filesOf, type GatheredFile } from "./gather-files.ts";

/**
 * Takes files that are dropped on or pasted into `place`, which is the element or the whole page.
 * @param onDrag called with whether files are being dragged over `place`
 */
export function receiveFiles(
  place: HTMLElement | Document,
  signal: AbortSignal,
  isOpen: () => boolean,
  onDrag: (isOver: boolean) => unknown,
  take: (files: GatheredFile[]) => void,
): void {
  const receive = async (event: DragEvent & ClipboardEvent): Promise<void> => {
    const data = event.dataTransfer ?? event.clipboardData;
    const [target] = event.composedPath();
    // The page's own fields accept files too. Office programs also add a picture to a pasted text that is meant for a
    // field.
    const isField = target instanceof Element && target.closest("input, textarea, [contenteditable]") !== null;
    if (!isOpen() || isField || !data?.types.includes("Files")) return;
    event.preventDefault();
    const isLeaving = event.type === "dragleave" && !place.contains(event.relatedTarget as Node | null);
    onDrag(event.type.startsWith("drag") && !isLeaving);
    if (/drop|paste/.test(event.type)) take(await filesOf(data));
  };
  for (const type of ["dragenter", "dragover", "dragleave", "drop", "paste"]) {
    place.addEventListener(type, receive as unknown as EventListener, { signal });
  }
}
