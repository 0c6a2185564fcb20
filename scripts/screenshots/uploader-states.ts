import type { Locator, Page } from "playwright-core";
import { limitSending } from "../../acceptance/src/harness/network-log.ts";
import { mp4 } from "../../acceptance/src/harness/samples.ts";
import {
  type ChosenFile,
  choose,
  holdQuestions,
  rowOf,
  summaryIs,
} from "../../acceptance/src/harness/uploader-page.ts";
import { type Motif, photograph } from "./pictures.ts";

/** Brings the element into a state through a user's actions. Resolves when the state is visible. */
export type Scene = (page: Page, uploader: Locator) => Promise<unknown>;

async function photo(name: string, motif: Motif): Promise<ChosenFile> {
  return { name, mimeType: "image/jpeg", buffer: await photograph(motif) };
}

const film = (name: string, size: number): ChosenFile => ({ name, mimeType: "video/mp4", buffer: mp4(size) });
const document: ChosenFile = {
  name: "itinerary.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(812_000, " ")]),
};

async function journey(): Promise<ChosenFile[]> {
  return [
    await photo("evening-at-the-pier.jpg", "sunset"),
    await photo("dunes-of-erg-chebbi.jpg", "dunes"),
    await photo("first-snow.jpg", "mountains"),
    film("harbour-walk.mp4", 5_400_000),
    document,
  ];
}

async function failing(): Promise<ChosenFile[]> {
  return [await photo("city-from-the-roof.jpg", "city"), film("the-whole-day.mp4", 8_200_000)];
}

/** The sending speed in bytes per second, slow enough to watch. */
const pace = 700_000;

export const scenes: Readonly<Record<string, Scene>> = {
  empty: async () => undefined,

  running: async (page, uploader) => {
    const [first, ...rest] = await journey();
    if (first) await choose(uploader, first);
    await summaryIs(uploader, "1 uploaded");
    await limitSending(page, pace);
    await choose(uploader, ...rest);
    await rowOf(uploader, "first-snow.jpg")
      .getByText(/[3-9]\d%$/)
      .waitFor();
  },

  dragging: async (_, uploader) => {
    await choose(uploader, await photo("evening-at-the-pier.jpg", "sunset"));
    await summaryIs(uploader, "1 uploaded");
    await uploader.evaluate((element) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["dragged"], "dragged.txt"));
      element.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true }));
    });
  },

  refused: async (_, uploader) => {
    const notes = { name: "packing-list.txt", mimeType: "text/plain", buffer: Buffer.from("socks") };
    await choose(uploader, ...(await journey()).slice(0, 3), ...(await failing()), notes);
    await summaryIs(uploader, /^3 uploaded/);
  },

  resuming: async (page, uploader) => {
    const [pier, , , walk] = await journey();
    if (pier) await choose(uploader, pier);
    await summaryIs(uploader, "1 uploaded");
    await limitSending(page, pace);
    if (walk) await choose(uploader, walk);
    const row = rowOf(uploader, "harbour-walk.mp4");
    await row.getByText(/[3-9]\d%$/).waitFor();
    await holdQuestions(page);
    await row.getByRole("button", { name: /^Pause/ }).click();
    await row.getByRole("button", { name: /^Resume/ }).click();
    await row.getByText(/Resuming/).waitFor();
  },

  offline: async (page, uploader) => {
    const [pier, ...rest] = await journey();
    if (pier) await choose(uploader, pier);
    await summaryIs(uploader, "1 uploaded");
    await page.context().setOffline(true);
    await choose(uploader, ...rest);
    await uploader
      .locator(".summary-detail")
      .getByText(/offline/)
      .waitFor();
  },

  // As a proxy's limit on the size of a request ends it: the page may not read that answer.
  interrupted: async (page, uploader) => {
    const [pier, dunes, ...rest] = await journey();
    if (pier) await choose(uploader, pier);
    await summaryIs(uploader, "1 uploaded");
    await page.route("**/api/v2/files/upload", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    if (dunes) await choose(uploader, dunes);
    await summaryIs(uploader, "1 uploaded · 1 failed", 30_000);
    await choose(uploader, ...rest.slice(0, 1));
    await rowOf(uploader, "first-snow.jpg")
      .getByText(/Trying again/)
      .waitFor();
  },

  failed: async (_, uploader) => {
    await choose(uploader, ...(await failing()), await photo("citrus.jpg", "citrus"));
    await summaryIs(uploader, "3 failed");
  },

  done: async (_, uploader) => {
    const files = await journey();
    await choose(uploader, ...files.slice(0, 3), await photo("under-the-fig-tree.jpg", "leaf"), document);
    await summaryIs(uploader, "5 uploaded");
  },

  mixed: async (page, uploader) => {
    const [pier, dunes, snow, walk] = await journey();
    const [city, day] = await failing();
    const balloon = await photo("balloon-ride.jpg", "balloon");
    const files = [pier, city, snow, walk, balloon, day, dunes].filter((file) => file !== undefined);
    await choose(uploader, ...files.slice(0, 2));
    await summaryIs(uploader, "1 uploaded · 1 failed");
    await limitSending(page, pace);
    await choose(uploader, ...files.slice(2));
    const row = rowOf(uploader, "harbour-walk.mp4");
    await row.getByText(/\d\d%$/).waitFor();
    await row.getByRole("button", { name: /^Pause/ }).click();
    await rowOf(uploader, "first-snow.jpg")
      .getByText(/[3-9]\d%$/)
      .waitFor();
  },
};
