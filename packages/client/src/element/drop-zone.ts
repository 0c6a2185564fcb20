import { make, makeIcon } from "./dom.ts";
import { type GatheredFile, listFiles } from "./gather-files.ts";
import { parseSize } from "./parse-size.ts";
import type { Words } from "./words.ts";

export interface ZoneSettings {
  readonly accept: string;
  readonly multiple: boolean;
  readonly folders: boolean;
  readonly maxSize: string;
  readonly maxFiles: number;
}

/** Where files come from: a button, one for folders, and a place to drop them on. */
export interface DropZone {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  /** @param isFilled whether there are files in the list already */
  update(isFilled: boolean): void;
}

export function makeDropZone(
  settings: ZoneSettings,
  { say, size, types }: Words,
  take: (files: GatheredFile[]) => void,
): DropZone {
  const input = make("input", "", { type: "file", hidden: true });
  const button = make("button", "button choose");
  const folder = make("button", "button folder");
  const title = make("div", "title");
  const hint = make("div", "hint", { id: "hint" });
  const element = make(
    "div",
    "dropzone",
    {},
    make("div", "emblem", {}, makeIcon("upload")),
    make("div", "invitation", {}, title, hint),
    make("div", "buttons", {}, button, folder),
    input,
  );

  button.setAttribute("aria-describedby", hint.id);
  element.onclick = ({ target }) => {
    if (target === input || button.matches(":disabled")) return;
    // The same input for both, so that what is chosen comes in by one way.
    input.webkitdirectory = target === folder;
    input.click();
  };
  input.onchange = () => {
    take(listFiles(input.files ?? []));
    // Otherwise choosing the same file again would be no change.
    input.value = "";
  };

  return {
    element,
    button,
    update(isFilled) {
      const { accept, multiple, maxFiles } = settings;
      const max = parseSize(settings.maxSize);
      input.multiple = multiple;
      input.accept = accept;
      title.textContent = say("drop");
      button.textContent = say(multiple ? (isFilled ? "more" : "choose") : "chooseOne");
      folder.textContent = say("folder");
      folder.hidden = !settings.folders || !multiple;
      const limits = [
        types(),
        max && say(multiple ? "hintSize" : "hintSizeOne", { max: size(max) }),
        multiple && maxFiles && say("hintCount", { max: maxFiles }),
      ];
      hint.textContent = say("hint") || limits.filter(Boolean).join(" · ");
    },
  };
}
