import type { Page } from "playwright-core";

export interface ShownSample {
  readonly label: string;
  readonly source: string;
}

/** The code samples of the API's page, by the id of the operation. */
export type ShownSamples = ReadonlyMap<string, readonly ShownSample[]>;

interface ShownDocument {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId: string; "x-codeSamples"?: readonly ShownSample[] }>>>
  >;
}

/**
 * Opens the API's page and reads the document that it gives to its renderer, after the page has put this server's
 * address in.
 */
export async function openShownDocument(page: Page, url: string): Promise<ShownSamples> {
  await page.addInitScript(() => {
    interface Configuration {
      readonly url: string;
      readonly customFetch: typeof fetch;
    }
    interface Renderer {
      createApiReference(selector: string, configuration: Configuration): void;
    }
    let renderer: Renderer | undefined;
    const watched = {
      createApiReference(selector: string, configuration: Configuration) {
        const text = configuration.customFetch(configuration.url).then((answer) => answer.text());
        Reflect.set(globalThis, "shownDocument", text);
        renderer?.createApiReference(selector, configuration);
      },
    };
    Object.defineProperty(globalThis, "Scalar", {
      get: () => watched,
      set: (value: Renderer) => {
        renderer = value;
      },
    });
  });
  await page.goto(`${url}/docs/api#tag/uploads/POST/api/v2/files/upload`);
  await page.getByRole("heading", { name: "Upload a file", exact: true }).waitFor();
  const text: string = await page.evaluate(() => Reflect.get(globalThis, "shownDocument"));
  const { paths } = JSON.parse(text) as ShownDocument;
  const operations = Object.values(paths).flatMap((item) => Object.values(item));
  return new Map(operations.map(({ operationId, "x-codeSamples": samples = [] }) => [operationId, samples]));
}
