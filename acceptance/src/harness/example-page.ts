import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";

/** Opens an example and signs in. */
export async function openAsGrace(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByLabel("User").fill("grace");
  await page.getByLabel("Password").fill("compiler");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  return page;
}

/** The pictures that the page shows, once the first of them has been drawn. */
export async function shownPictures(page: Page): Promise<readonly string[]> {
  const images = page.getByRole("list", { name: "Your pictures" }).getByRole("img");
  await expect.poll(() => images.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  return images.evaluateAll((found) => found.map((image) => image.getAttribute("alt") ?? ""));
}
