/** The attributes that properties of the same name reflect, with the value that an absent attribute has. */
const attributes = {
  accept: "",
  concurrency: 3,
  disabled: false,
  endpoint: "",
  folder: "",
  folders: false,
  keepPaths: false,
  maxFiles: 0,
  maxHeight: 0,
  maxSize: "",
  maxWidth: 0,
  minHeight: 0,
  minWidth: 0,
  multiple: false,
  name: "",
  noLinks: false,
  required: false,
  resumableFrom: "",
  tags: "",
  tokenEndpoint: "",
  valueField: "fileId",
  wholePage: false,
};
type Reflected = typeof attributes;

export const attributeName = (property: string): string => property.replace(/[A-Z]/g, "-$&").toLowerCase();
export const reflectedAttributes: readonly string[] = Object.keys(attributes).map(attributeName);

/** Frameworks also render on servers, which have no elements. Importing the module there must do no harm. */
const Base = globalThis.HTMLElement ?? class {};

/** An element whose properties and attributes reflect each other, as with the browser's own elements. */
export const ReflectingElement = class extends Base {} as unknown as {
  new (): HTMLElement & Reflected;
  prototype: HTMLElement & Reflected;
};

for (const [property, absent] of Object.entries(attributes)) {
  const attribute = attributeName(property);
  Object.defineProperty(ReflectingElement.prototype, property, {
    get(this: HTMLElement) {
      const value = this.getAttribute(attribute);
      if (typeof absent === "boolean") return value !== null;
      return typeof absent === "number" ? Number(value) || absent : (value ?? absent);
    },
    set(this: HTMLElement, value: unknown) {
      if (typeof absent === "boolean") this.toggleAttribute(attribute, Boolean(value));
      else if (value === undefined || value === null) this.removeAttribute(attribute);
      else this.setAttribute(attribute, `${value}`);
    },
  });
}

/** Properties that were set before the element was defined hide the accessors of its class, so they are set again. */
export function adoptEarlyProperties(element: HTMLElement): void {
  const early = { ...element };
  for (const property of Object.keys(early)) Reflect.deleteProperty(element, property);
  Object.assign(element, early);
}
