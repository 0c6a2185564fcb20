import type { Found, Search } from "./search-index.ts";

/** Characters of a section's text that are shown around the first match. */
const excerptLength = 150;

/** The dialog that searches the site. The index stays in the browser: no word goes to a server. */
export function addSearch(): void {
  const { searchModule, searchSections, root } = document.documentElement.dataset;
  const dialog = document.querySelector<HTMLDialogElement>("#site-search");
  const input = document.querySelector<HTMLInputElement>("#site-search-words");
  const list = document.querySelector<HTMLElement>("#site-search-results");
  const status = document.querySelector<HTMLElement>("#site-search-status");
  const button = document.querySelector<HTMLButtonElement>("#site-search-open");
  if (!dialog || !input || !list || !status || !button || !searchModule || !searchSections) return;
  const base = new URL(root || "./", location.href);
  let loading: Promise<Search> | undefined;

  async function load(): Promise<Search> {
    const [{ openSearch }, sections] = await Promise.all([
      import(new URL(searchModule ?? "", base).href),
      fetch(new URL(searchSections ?? "", base)).then((answer) => answer.json()),
    ]);
    return openSearch(sections);
  }

  function open(): void {
    dialog?.showModal();
    input?.select();
    loading ??= load();
    loading.then(show, () => {
      loading = undefined;
      if (status) status.textContent = "Couldn't load the search. Close it and try again.";
    });
  }

  async function show(): Promise<void> {
    const search = await loading;
    const words = input?.value.trim() ?? "";
    const found = words === "" ? [] : (search?.(words) ?? []);
    list?.replaceChildren(...found.map((section) => item(section, base)));
    if (status) status.textContent = words === "" ? "" : countText(found.length);
  }

  button.hidden = false;
  button.addEventListener("click", open);
  input.addEventListener("input", () => void show().catch(() => undefined));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || (event.target as Element).closest("a") !== null) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => moveFocus(event, input, list));
  addEventListener("keydown", (event) => {
    const isTyping = (event.target as Element).closest("input, textarea, select, [contenteditable]") !== null;
    const isAsked = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !isTyping);
    if (!isAsked || dialog.open) return;
    event.preventDefault();
    open();
  });
}

function countText(count: number): string {
  if (count === 0) return "No results. Try other words.";
  return count === 1 ? "1 result" : `${count} results`;
}

/** Arrows walk through the results, and Enter in the field opens the first. */
function moveFocus(event: KeyboardEvent, input: HTMLInputElement, list: HTMLElement): void {
  const places: HTMLElement[] = [input, ...list.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = places.indexOf(document.activeElement as HTMLElement);
  if (step !== undefined && at >= 0) {
    event.preventDefault();
    places[Math.min(Math.max(at + step, 0), places.length - 1)]?.focus();
  }
  if (event.key === "Enter" && document.activeElement === input) places[1]?.click();
}

function item({ page, heading, text, address, terms }: Found, base: URL): HTMLLIElement {
  const link = document.createElement("a");
  link.href = new URL(address, base).href;
  const place = document.createElement("strong");
  place.append(heading === "" ? page : `${page} › ${heading}`);
  const excerpt = document.createElement("span");
  excerpt.append(...markedExcerpt(text, terms));
  link.append(place, excerpt);
  const entry = document.createElement("li");
  entry.append(link);
  return entry;
}

function markedExcerpt(text: string, terms: readonly string[]): (string | Node)[] {
  const spelled = terms.map((term) => term.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (spelled.length === 0) return [text.slice(0, excerptLength)];
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(${spelled.sort((one, other) => other.length - one.length).join("|")})`,
    "giu",
  );
  const first = Math.max(0, text.search(pattern) - excerptLength / 3);
  const begin = first === 0 ? 0 : text.indexOf(" ", first) + 1;
  const part = `${begin > 0 ? "… " : ""}${text.slice(begin, begin + excerptLength)}`;
  return part.split(pattern).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const mark = document.createElement("mark");
    mark.append(piece);
    return mark;
  });
}
