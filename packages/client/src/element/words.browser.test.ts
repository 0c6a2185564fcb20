import { afterEach, expect, test } from "vitest";
import type { Texts } from "./texts.ts";
import { wordsFor } from "./words.ts";

afterEach(() => document.body.replaceChildren());

function speaker(texts: Texts = {}, attributes: Record<string, string> = {}, lang = "en") {
  const page = document.createElement("div");
  page.lang = lang;
  const element = document.createElement("div");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  page.append(element);
  document.body.append(page);
  return wordsFor(element, () => texts);
}

test("texts of the property go before those of attributes, and both before the English ones", () => {
  const words = speaker({ clear: "Leeren" }, { "text-clear": "Vider", "text-retry-all": "Réessayer" });
  expect(words.say("clear")).toBe("Leeren");
  expect(words.say("retryAll")).toBe("Réessayer");
  expect(words.say("pauseAll")).toBe("Pause");
});

test("values are filled in; a text may be a function of them", () => {
  const words = speaker({ added: ({ count }) => (count === 1 ? "One file" : `${count} files`) });
  expect(words.say("remove", { name: "a.jpg" })).toBe("Remove a.jpg");
  expect(words.say("added", { count: 1 })).toBe("One file");
  expect(words.say("added", { count: 7 })).toBe("7 files");
});

test("an error's message is replaced by the text of its reason", () => {
  const words = speaker({ NETWORK: "Keine Verbindung." });
  expect(words.say("NETWORK", {}, "The server can't be reached.")).toBe("Keine Verbindung.");
  expect(words.say("STALLED", {}, "Nothing moves.")).toBe("Nothing moves.");
});

test("sizes and shares are written as in the language of the place", () => {
  const english = speaker();
  expect([0, 999, 1000, 1550, 12_345, 2_400_000, 25_000_000, 7.2e9].map(english.size)).toEqual([
    "0 byte",
    "999 byte",
    "1 kB",
    "1.6 kB",
    "12 kB",
    "2.4 MB",
    "25 MB",
    "7.2 GB",
  ]);
  // Part of a tiny file, less than a byte, may have arrived.
  expect([0.04, 0.4].map(english.size)).toEqual(["0 byte", "0 byte"]);
  expect(english.speed(0.2)).toBe("0 byte/s");
  expect([500, 1_200_000].map(english.speed)).toEqual(["500 byte/s", "1.2 MB/s"]);
  expect([0.2, 12.3, 60, 61, 3599, 3601, 9000].map(english.time)).toEqual([
    "1 sec",
    "13 sec",
    "60 sec",
    "2 min",
    "60 min",
    "2 hr",
    "3 hr",
  ]);
  expect([0, 0.999, 1].map(english.percent)).toEqual(["0%", "99%", "100%"]);
  const german = speaker({}, {}, "de");
  expect(german.size(2_400_000)).toBe("2,4 MB");
  expect(german.percent(0.5)).toBe("50 %".replace(" ", "\u00a0"));
  expect(speaker({}, {}, "no such language").size(1)).toMatch(/^1 /);
});

test.each([
  ["", ""],
  ["image/*", "images"],
  ["image/*,video/*, audio/*", "images, videos, and audio files"],
  [".PDF,application/pdf", "PDF"],
  ["image/jpeg, .jpeg, image/svg+xml", "JPEG and SVG"],
  ["text/plain,.csv", "text files and CSV"],
  ["application/vnd.ms-excel", "EXCEL"],
  ["*/*", ""],
])("what accepts %j takes %j", (accept, expected) => {
  expect(speaker({}, { accept }).types()).toBe(expected);
});

test("types are listed in the language of the place, or as the page names them", () => {
  const german = speaker({ image: "Bilder", video: "Videos" }, { accept: "image/*,video/*" }, "de");
  expect(german.types()).toBe("Bilder und Videos");
  expect(speaker({ types: "photos" }, { accept: "image/*" }).types()).toBe("photos");
});
