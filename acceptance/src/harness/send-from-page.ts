import type { Page } from "playwright-core";

export interface PageUpload {
  readonly url: string;
  /** Text fields before the file, in this order. `after` holds those that follow the file. */
  readonly before: Readonly<Record<string, string>>;
  readonly after?: Readonly<Record<string, string>>;
  /** Length of the file in bytes. The file's content is noise. */
  readonly size: number;
  /** `xhr` listens to the progress of sending, which causes a preflight. */
  readonly by: "fetch" | "xhr";
}

/** The result that a script of the page can see: the answer, or the network error that takes its place. */
export type PageAnswer = { readonly status: number; readonly body: unknown } | { readonly networkError: string };

/** Uploads from within the page, with a file that the page makes itself. */
export function sendFromPage(page: Page, upload: PageUpload): Promise<PageAnswer> {
  return page.evaluate(async ({ url, before, after = {}, size, by }): Promise<PageAnswer> => {
    const slice = crypto.getRandomValues(new Uint8Array(65_536));
    const slices = Array.from({ length: Math.ceil(size / slice.length) }, () => slice);
    const form = new FormData();
    for (const [name, value] of Object.entries(before)) form.append(name, value);
    form.append("file", new Blob(slices).slice(0, size), "noise.bin");
    for (const [name, value] of Object.entries(after)) form.append(name, value);
    if (by === "fetch") {
      try {
        const answer = await fetch(url, { method: "POST", body: form });
        return { status: answer.status, body: await answer.json() };
      } catch (error) {
        return { networkError: String(error) };
      }
    }
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.upload.addEventListener("progress", () => undefined);
      request.addEventListener("load", () =>
        resolve({ status: request.status, body: JSON.parse(request.responseText) }),
      );
      request.addEventListener("error", () => resolve({ networkError: "error event" }));
      request.send(form);
    });
  }, upload);
}
