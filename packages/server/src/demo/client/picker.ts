import { byId } from "./dom.ts";

/** Hands over the files that are chosen with the page's input or dropped anywhere on the page. */
export function watchPicker(onFiles: (files: readonly File[]) => void, onFolder: () => void): void {
  const input = byId("files", HTMLInputElement);
  const zone = byId("picker", HTMLElement);
  input.addEventListener("change", () => {
    onFiles([...(input.files ?? [])]);
    // So that the same file, chosen again, is a change.
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    // A browser would leave the page and open the file.
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = input.disabled ? "none" : "copy";
    zone.classList.toggle("over", !input.disabled && carriesFiles(event));
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) zone.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (input.disabled) return;
    const { files, folders } = dropped(event.dataTransfer);
    if (files.length > 0) onFiles(files);
    if (folders > 0) onFolder();
  });
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") === true;
}

/** A dropped folder looks like a file that can't be read. */
function dropped(transfer: DataTransfer | null): { files: File[]; folders: number } {
  const items = [...(transfer?.items ?? [])].filter((item) => item.kind === "file");
  const files = items
    .filter((item) => item.webkitGetAsEntry()?.isDirectory !== true)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
  return { files, folders: items.length - files.length };
}
