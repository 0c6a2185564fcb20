/** The time for which a button says that it has copied, in milliseconds. */
const praiseMs = 2000;

/** Gives every command a button that copies it, where the browser lets the page write to the clipboard. */
export function addCopyButtons(announce: (message: string) => void): void {
  if (navigator.clipboard === undefined) return;
  for (const command of document.querySelectorAll<HTMLElement>(".command")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: "Copy" });
    button.ariaLabel = `Copy: ${command.querySelector("pre")?.ariaLabel}`;
    button.addEventListener("click", async () => {
      const isCopied = await write(command.querySelector("pre code")?.textContent ?? "");
      button.textContent = isCopied ? "Copied" : "Couldn't copy";
      announce(button.textContent);
      setTimeout(() => {
        button.textContent = "Copy";
      }, praiseMs);
    });
    command.append(button);
  }
}

async function write(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
