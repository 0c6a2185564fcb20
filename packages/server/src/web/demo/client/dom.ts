/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * An element of the page's markup. The markup and the client are made for each other, so a missing element is a bug.
 */
export function byId<Kind extends Element>(id: string, kind: abstract new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no #${id}.`);
  return element;
}

export function setText(id: string, text: string): void {
  byId(id, HTMLElement).textContent = text;
}

export function setHidden(id: string, isHidden: boolean): void {
  byId(id, HTMLElement).hidden = isHidden;
}

/** JSON for people to read, or an empty text for undefined. */
export function jsonText(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}
