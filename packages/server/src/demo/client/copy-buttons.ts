import { copyTemplate } from "./dom.ts";

/** How long a button says that it has copied, in milliseconds. */
const praise = 2000;

/** Gives every command a button that copies it, where the browser lets the page write to the clipboard. */
export function addCopyButtons(announce: (message: string) => void): void {
  if (navigator.clipboard === undefined) return;
  for (const command of document.querySelectorAll<HTMLElement>(".command")) {
    const copy = copyTemplate("copy-template");
    const button = copy.querySelector("button") as HTMLButtonElement;
    button.setAttribute("aria-label", `Copy: ${command.querySelector("pre")?.ariaLabel}`);
    button.addEventListener("click", async () => {
      const copied = await write(command.querySelector("pre code")?.textContent ?? "");
      button.textContent = copied ? "Copied" : "Not allowed";
      announce(button.textContent);
      setTimeout(() => {
        button.textContent = "Copy";
      }, praise);
    });
    command.append(copy);
  }
}

async function write(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
