import { afterEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import type { SluiceUploader } from "../element.ts";
import { UploadError } from "../upload-error.ts";
import { frame, mount, parts, stored, textFiles } from "./testing/mount.ts";

afterEach(() => document.body.replaceChildren());

const focused = (element: SluiceUploader) => (element.shadowRoot?.activeElement as HTMLElement | null)?.title;

async function withFiles(...names: string[]): Promise<SluiceUploader> {
  const element = mount({ multiple: "" });
  await element.add(textFiles(...names));
  await frame();
  return element;
}

test("however many rows there are, Tab passes them in as many steps as one has buttons", async () => {
  const element = await withFiles("a.txt", "b.txt", "c.txt");
  const after = document.createElement("button");
  document.body.append(after);
  parts(element, "choose")[0]?.focus();
  const stops: (string | undefined)[] = [];
  for (let presses = 0; document.activeElement !== after && presses < 10; presses++) {
    await userEvent.tab();
    if (document.activeElement === element)
      stops.push(focused(element) || element.shadowRoot?.activeElement?.textContent);
  }
  expect(stops).toEqual(["Pause", "Cancel", "Pause a.txt", "Remove a.txt"]);
});

test("arrow keys, Home and End lead from row to row, to the button of the same use", async () => {
  const element = await withFiles("a.txt", "b.txt", "c.txt");
  parts(element, "action")[0]?.focus();
  const press = async (key: string) => {
    await userEvent.keyboard(`{${key}}`);
    return focused(element);
  };
  expect(await press("ArrowDown")).toBe("Pause b.txt");
  expect(await press("End")).toBe("Pause c.txt");
  expect(await press("ArrowDown")).toBe("Pause c.txt");
  expect(await press("ArrowUp")).toBe("Pause b.txt");
  expect(await press("Home")).toBe("Pause a.txt");
  await userEvent.tab();
  expect(await press("ArrowDown")).toBe("Remove b.txt");
});

test("the focus stays in the list when its row goes, and goes to the button with the last one", async () => {
  const element = await withFiles("a.txt", "b.txt", "c.txt");
  parts(element, "remove")[1]?.focus();
  await userEvent.keyboard("{Enter}");
  expect(focused(element)).toBe("Remove c.txt");
  await userEvent.keyboard("{Enter}");
  expect(focused(element)).toBe("Remove a.txt");
  await userEvent.keyboard("{Enter}");
  expect(element.items).toEqual([]);
  expect(element.shadowRoot?.activeElement).toBe(parts(element, "choose")[0]);
});

test("the focus moves on when the button that has it goes", async () => {
  const element = await withFiles("a.txt");
  parts(element, "pauseAll")[0]?.focus();
  await userEvent.keyboard("{Enter}");
  await frame();
  await frame();
  expect(element.shadowRoot?.activeElement).toBe(parts(element, "resumeAll")[0]);
});

test("who can't see the list is told what came and what failed, not how it progresses", async () => {
  const element = await withFiles("a.txt", "b.txt");
  const [status] = parts(element, "announcement");
  expect(status?.role).toBe("status");
  await expect.poll(() => status?.textContent).toBe("Files added: 2.");
  element.accept = "image/*";
  await element.add(textFiles("c.txt", "d.txt", "e.txt", "f.txt", "g.txt"));
  const wrong = "Allowed types: images.";
  await expect.poll(() => status?.textContent).toBe(`c.txt: ${wrong} d.txt: ${wrong} e.txt: ${wrong} (+2)`);
});

test("what was refused or failed stands above the rest, in the order in which it came", async () => {
  const element = mount({ multiple: "", accept: ".txt" });
  const { promise, reject } = Promise.withResolvers<string>();
  element.getToken = ({ uploadPayload }) =>
    uploadPayload.fileName === "c.txt" ? promise : new Promise(() => undefined);
  const names = () => parts(element, "name").map(({ textContent }) => textContent);
  await element.add(textFiles("a.txt", "b.pdf", "c.txt", "d.pdf"));
  await frame();
  expect(names()).toEqual(["b.pdf", "d.pdf", "a.txt", "c.txt"]);
  expect(element.items.map(({ name }) => name)).toEqual(["a.txt", "b.pdf", "c.txt", "d.pdf"]);
  parts(element, "remove")[3]?.focus();
  reject(new UploadError("NOT_ALLOWED", "Not this one."));
  await expect.poll(names).toEqual(["b.pdf", "d.pdf", "c.txt", "a.txt"]);
  // The user who has the focus in that row keeps it.
  expect(focused(element)).toBe("Remove c.txt");
});

test("a refused file is in sight although the list is scrolled", async () => {
  const element = mount({ multiple: "", accept: ".txt" });
  element.style.setProperty("--sluice-list-height", "150px");
  element.results = Array.from({ length: 20 }, (_, index) => stored(`${index}.txt`));
  await frame();
  const [list] = parts(element, "list");
  list?.scrollTo(0, 500);
  expect(list?.scrollTop).toBe(500);
  await element.add(textFiles("wrong.pdf"));
  await frame();
  expect(list?.scrollTop).toBe(0);
});

test("links of stored files are in the reach of the arrow keys, and no stops of their own", async () => {
  const element = mount({ multiple: "" });
  element.results = [stored("a.txt"), stored("b.txt")];
  await frame();
  const [first, second] = parts(element, "name");
  expect([first?.tabIndex, second?.tabIndex]).toEqual([0, -1]);
  first?.focus();
  await userEvent.keyboard("{ArrowDown}");
  expect(element.shadowRoot?.activeElement).toBe(second);
  await userEvent.keyboard("{ArrowDown}");
  expect([first?.tabIndex, second?.tabIndex]).toEqual([-1, 0]);
});
