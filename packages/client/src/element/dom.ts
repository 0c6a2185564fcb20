type Properties<Tag extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[Tag], "part">>;

/**
 * Creates an element with its part's name, properties and children. Strings become text nodes, so markup in them has no
 * effect.
 */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  part = "",
  properties: Properties<Tag> = {},
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  // The name serves the element's own styles as a class and the page's styles as a part.
  const element = Object.assign(document.createElement(tag), properties, { className: part, part });
  element.append(...children);
  return element;
}

const paths = {
  upload: "M12 15V5M8 9l4-4 4 4M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3",
  pause: "M9 7v10M15 7v10",
  resume: "M9 6v12l9-6z",
  retry: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  remove: "m7 7 10 10M17 7 7 17",
  good: "m6 12 4 4 8-8",
  bad: "M12 6v7M12 18v0",
};
export type Icon = keyof typeof paths;

export function makeIcon(icon: Icon): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.append(document.createElementNS(svg.namespaceURI, "path"));
  setIcon(svg, icon);
  return svg;
}

export function setIcon(within: Element, icon: Icon): void {
  within.querySelector("path")?.setAttribute("d", paths[icon]);
}
