declare global {
  interface Window {
    /** Tells the test how the upload has ended: with the session's URL, or with a problem. */
    ended(session: string, problem?: string): Promise<void>;
  }
}

/** The upload that the page is for, as its server describes it. */
export interface PageUpload {
  /** The server's address. */
  readonly sluice: string;
  readonly fields: Readonly<Record<string, string>>;
}

export function pageUpload(): PageUpload {
  return JSON.parse(document.body.dataset.upload ?? "{}");
}

/** Calls the function with the file that the user chooses. A user chooses the same file again in a new tab. */
export function onFile(use: (file: File) => void): void {
  const input = document.querySelector("input");
  input?.addEventListener("change", () => {
    for (const file of input.files ?? []) use(file);
  });
}
