import "../../element.ts";
import type { UploaderEvents } from "../events.ts";
import type { SluiceUploader } from "../uploader.ts";

/** Adds an element to the page, with attributes as in markup. Its uploads wait for a token that never comes. */
export function mount(
  attributes: Readonly<Record<string, string>> = {},
  parent: Element = document.body,
): SluiceUploader {
  const element = document.createElement("sluice-uploader");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.getToken = () => new Promise<string>(() => undefined);
  parent.append(element);
  return element;
}

export function textFiles(...names: readonly string[]): File[] {
  return names.map((name) => new File([name], name, { type: "text/plain" }));
}

export function stored(
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
): SluiceUploader["results"][number] {
  const response = { fileId: `id-${name}`, name, size: 10, url: `/files/${name}`, filePath: `/${name}`, ...fields };
  return response as unknown as SluiceUploader["results"][number];
}

export const frame = (): Promise<number> => new Promise(requestAnimationFrame);

/** Returns everything in the shadow tree that has this part. */
export function parts(element: SluiceUploader, part: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${part}"]`) ?? [])];
}

export function textOf(element: SluiceUploader, part: string): string | null | undefined {
  return parts(element, part)[0]?.textContent;
}

export function nextEvent<Name extends keyof UploaderEvents>(
  element: SluiceUploader,
  name: Name,
): Promise<UploaderEvents[Name]> {
  return new Promise((resolve) => {
    element.addEventListener(name, (event) => resolve((event as CustomEvent<UploaderEvents[Name]>).detail), {
      once: true,
    });
  });
}
