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

/** The place where users choose files: a button for files, one for folders, and an area to drop files on. */
export interface DropZone {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  /** @param isFilled whether the list contains files already */
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
    // Both buttons use the same input, so that all chosen files arrive by one path.
    input.webkitdirectory = target === folder;
    input.click();
  };
  input.onchange = () => {
    take(listFiles(input.files ?? []));
    // Without this, choosing the same file again would not be a change.
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
        max ? say(multiple ? "hintSize" : "hintSizeOne", { max: size(max) }) : "",
        multiple && maxFiles ? say("hintCount", { max: maxFiles }) : "",
      ];
      // A line breaks between the limits, or within the list of types, which may be long.
      const whole = limits.map((text) => text.replaceAll(" ", "\u00a0"));
      hint.textContent = say("hint") || [types(), ...whole].filter(Boolean).join("\u00a0· ");
    },
  };
}
