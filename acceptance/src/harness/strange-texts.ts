import type { Page } from "playwright-core";

/** A text of the console in the language for tests, which has other vowels and longer words. */
export function strange(text: string): RegExp {
  const words = text.replace(/[.*+?^${}()|[\]\\]/g, ".").replace(/\p{L}{2,}/gu, (word) => `${word}~+`);
  return new RegExp(`^\\[${words.replace(/[aeiouAEOU]/g, ".")}\\]$`);
}

/** Shows the console in the language for tests, from the page's next load on. */
export async function speakStrangely(page: Page): Promise<void> {
  await page.addInitScript(() => sessionStorage.setItem("sluice-locale", "pseudo"));
}

/**
 * Texts of the page as it stands that are not in that language, and those that are cut or stand out of the window.
 * @param own what the library's owner has named, and what servers and standards call so
 */
export async function textFaults(page: Page, own: RegExp): Promise<string[]> {
  return page.evaluate(findFaults, own.source);
}

/** Runs in the page. */
function findFaults(own: string): string[] {
  const faults = new Set<string>();
  const mayBeOwn = (text: string) => !/[a-z]{3}/i.test(text.replaceAll(new RegExp(own, "g"), ""));
  const check = (text: string | null, where: string) => {
    const said = text?.trim() ?? "";
    let rest = said;
    // A text may hold others.
    while (/\[[^[\]]*\]/.test(rest)) rest = rest.replaceAll(/\[[^[\]]*\]/g, "");
    if (!mayBeOwn(rest)) faults.add(`not among the texts (${where}): ${said.slice(0, 80)}`);
  };
  const isSeen = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.closest(".unseen") === null;

  for (const element of document.querySelectorAll("body *")) {
    if (!isSeen(element)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-roledescription"])
      check(element.getAttribute(name), name);
    if (element.closest("code, pre, kbd, textarea") !== null) continue;
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) continue;
      check(node.textContent, element.tagName.toLowerCase());
      const fault = faultOfPlace(node, element);
      if (fault !== undefined) faults.add(`${fault}: ${node.textContent.trim().slice(0, 80)}`);
    }
  }
  return [...faults];

  /** Whether a text reaches over what cuts it, over its button, or over the window. */
  function faultOfPlace(node: Node, parent: Element): string | undefined {
    // What a library holds may be longer than any place. It is shown in full by its title.
    if (!/\[.*\]/.test(node.textContent ?? "") && parent.closest("[title]") !== null) return undefined;
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (text.width === 0) return undefined;
    for (let box: Element | null = parent; box !== null && box !== document.body; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      const place = box.getBoundingClientRect();
      const isButton = box.matches("button, a[class*=Button], [role=tab], label");
      if (overflowX === "auto" || overflowX === "scroll") return undefined;
      if (overflowX !== "visible" || isButton) {
        if (place.width <= 1) return undefined;
        if (text.right > place.right + 1 || text.left < place.left - 1)
          return `wider than its ${box.tagName.toLowerCase()}`;
      }
      if (
        (overflowY === "hidden" || overflowY === "clip" || isButton) &&
        text.bottom > place.bottom + 3 &&
        box !== document.documentElement
      )
        return `higher than its ${box.tagName.toLowerCase()}`;
      if (overflowY === "auto" || overflowY === "scroll") return undefined;
    }
    return text.right > innerWidth + 1 || text.left < -1 ? "out of the window" : undefined;
  }
}
