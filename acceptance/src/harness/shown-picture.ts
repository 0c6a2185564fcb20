import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Waits until the picture itself has loaded, not only its element. An alert ends the wait and says what went wrong. */
export async function expectPicture(page: Page, width: number): Promise<void> {
  const shown = await page.waitForFunction(() => {
    const alert = document.querySelector("#error")?.textContent;
    const picture = document.querySelector<HTMLImageElement>("#picture");
    return alert || (picture?.complete && picture.naturalWidth);
  });
  expect(await shown.jsonValue()).toBe(width);
}
