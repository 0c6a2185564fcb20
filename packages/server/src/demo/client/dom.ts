/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

type ElementClass<Kind extends Element> = abstract new () => Kind;

/** An element of the page's markup; the markup and the client are made for each other, so a missing one is a bug. */
export function byId<Kind extends Element>(id: string, kind: ElementClass<Kind>): Kind {
  return checked(document.getElementById(id), kind, `#${id}`);
}

/** The element of a template's copy that its markup marks with `data-part`. */
export function partOf<Kind extends Element>(root: ParentNode, name: string, kind: ElementClass<Kind>): Kind {
  return checked(root.querySelector(`[data-part="${name}"]`), kind, name);
}

export function copyTemplate(id: string): DocumentFragment {
  return document.importNode(byId(id, HTMLTemplateElement).content, true);
}

function checked<Kind extends Element>(element: Element | null, kind: ElementClass<Kind>, name: string): Kind {
  if (!(element instanceof kind)) throw new Error(`The page has no ${name}.`);
  return element;
}
