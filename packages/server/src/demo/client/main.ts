import type { StoredFile } from "./card-state.ts";
import { addCopyButtons } from "./copy-buttons.ts";
import { deleteCommand, listCommand } from "./curl.ts";
import { byId } from "./dom.ts";
import { createLanes } from "./lanes.ts";
import { watchPicker } from "./picker.ts";
import { startUpload } from "./upload-item.ts";

const { tokenUrl = "", publicKey = "", folder = "", lifetime = "" } = document.body.dataset;
const source = { url: tokenUrl, publicKey, lifetime: Number(lifetime) };
const uploads = byId("uploads", HTMLOListElement);
const runInLane = createLanes(3);

function add(files: readonly File[]): void {
  const options = {
    folder,
    useUniqueFileName: byId("unique", HTMLInputElement).checked,
    tags: byId("tags", HTMLInputElement).value.trim(),
  };
  const context = { options, source, runInLane, openAnswer: files.length === 1, announce, onStored };
  uploads.prepend(...files.map((file) => startUpload(file, context)));
  byId("empty", HTMLElement).hidden = uploads.children.length > 0;
  byId("count", HTMLElement).textContent = String(uploads.children.length);
}

/** Old messages go, so that assistive technology which reads the whole region does not read them all again. */
function announce(message: string): void {
  const line = document.createElement("span");
  line.textContent = `${message} `;
  const announcer = byId("announcer", HTMLElement);
  announcer.append(line);
  while (announcer.children.length > 5) announcer.firstElementChild?.remove();
}

function onStored({ fileId, name }: StoredFile): void {
  byId("delete-name", HTMLElement).textContent = name;
  byId("delete-command", HTMLElement).textContent = deleteCommand(location.origin, fileId);
}

byId("list-command", HTMLElement).textContent = listCommand(location.origin, folder);
byId("delete-command", HTMLElement).textContent = deleteCommand(location.origin);
addCopyButtons(announce);
watchPicker(add, () => {
  const hint = "Folders can't be uploaded here: drop the files in them.";
  byId("files-hint", HTMLElement).textContent = hint;
  announce(hint);
});
