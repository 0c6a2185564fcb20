/** The time for which a button says that it has copied. */
const thanksMs = 1500;

/** Puts a button that copies beside each program. Browsers allow that on secure pages alone. */
export function addCopyButtons(): void {
  if (navigator.clipboard === undefined) return;
  for (const block of document.querySelectorAll(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("code")?.textContent ?? "");
        button.textContent = "Copied";
      } catch {
        button.textContent = "Couldn't copy";
      }
      setTimeout(() => {
        button.textContent = "Copy";
      }, thanksMs);
    });
    block.append(button);
  }
}
