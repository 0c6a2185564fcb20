import "@sluice/client/element";
import type { Picture } from "./pictures.ts";
import { squareOf } from "./square-of.ts";

const list = document.querySelector("#pictures");
const none = document.querySelector<HTMLElement>("#none");

const answer = await fetch("/pictures");
const pictures: readonly Picture[] = answer.ok ? await answer.json() : [];
list?.append(...pictures.map(itemOf));
showWhetherEmpty();

// The file is in the library once the element says so: the answer names it and its URL.
document.querySelector("sluice-uploader")?.addEventListener("sluice-done", ({ detail }) => {
  if (detail.result) list?.prepend(itemOf(detail.result));
  showWhetherEmpty();
});

function itemOf({ name, url }: Picture): HTMLLIElement {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  const image = link.appendChild(document.createElement("img"));
  const text = item.appendChild(document.createElement("span"));
  link.href = url;
  image.src = squareOf(url, 320);
  image.alt = name;
  text.textContent = name;
  return item;
}

function showWhetherEmpty(): void {
  if (none) none.hidden = list?.childElementCount !== 0;
}
