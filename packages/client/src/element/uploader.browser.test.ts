import { afterEach, describe, expect, test } from "vitest";
import { SluiceUploader } from "../element.ts";
import { UploadError } from "../upload-error.ts";
import { frame, mount, nextEvent, parts, stored, textFiles, textOf } from "./testing/mount.ts";

afterEach(() => document.body.replaceChildren());

describe("properties and attributes", () => {
  test.each([
    ["multiple", "multiple", true, ""],
    ["maxSize", "max-size", "25MB", "25MB"],
    ["maxFiles", "max-files", 7, "7"],
    ["tokenEndpoint", "token-endpoint", "/token", "/token"],
    ["keepPaths", "keep-paths", true, ""],
    ["name", "name", "photos", "photos"],
  ] as const)("%s reflects %s", (property, attribute, value, text) => {
    const element = mount();
    Object.assign(element, { [property]: value });
    expect(element.getAttribute(attribute)).toBe(text);
    expect(element[property]).toBe(value);
    Object.assign(element, { [property]: typeof value === "boolean" ? false : null });
    expect(element.hasAttribute(attribute)).toBe(false);
    element.setAttribute(attribute, text);
    expect(element[property]).toBe(value);
  });

  test("a number given for a size, as frameworks do, is taken as bytes", () => {
    const element = mount();
    Object.assign(element, { maxSize: 5000 });
    expect(element.maxSize).toBe("5000");
    expect(textOf(element, "hint")).toBe("");
  });

  test("properties that were set before the element was defined count", async () => {
    const element = document.createElement("sluice-uploader-late") as SluiceUploader;
    const getToken = () => "token";
    // React, Vue and Svelte do this with every element: they don't wait for its definition.
    Object.assign(element, {
      getToken,
      multiple: true,
      maxFiles: 3,
      texts: { choose: "Los!" },
      results: [stored("a.jpg")],
    });
    document.body.append(element);
    customElements.define("sluice-uploader-late", class extends SluiceUploader {});
    await frame();
    expect(element.getToken).toBe(getToken);
    expect(element.getAttribute("max-files")).toBe("3");
    expect(element.multiple).toBe(true);
    expect(parts(element, "row")).toHaveLength(1);
    element.clear();
    await frame();
    expect(textOf(element, "choose")).toBe("Los!");
  });

  test("every property can be found on the element and has a setter, so that frameworks set it", () => {
    const element = mount();
    for (const name of ["getToken", "parameters", "texts", "results", "accept", "multiple", "maxSize", "name"]) {
      expect(name in element).toBe(true);
      expect(setterOf(element, name)).toBeTypeOf("function");
    }
  });
});

function setterOf(object: object, name: string): unknown {
  for (let proto = Object.getPrototypeOf(object); proto; proto = Object.getPrototypeOf(proto)) {
    const { set } = Object.getOwnPropertyDescriptor(proto, name) ?? {};
    if (set) return set;
  }
  return undefined;
}

describe("adding", () => {
  test("a listener may veto a file, or change what is uploaded with it", async () => {
    const element = mount({ multiple: "", folder: "/inbox", tags: "web" });
    element.parameters = ({ name }) => ({ description: `the file ${name}` });
    element.addEventListener("sluice-add", (event) => {
      if (event.detail.file.name === "no.txt") event.preventDefault();
      event.detail.parameters.fileName = "renamed.txt";
    });
    await element.add(textFiles("yes.txt", "no.txt"));
    expect(element.items.map(({ name }) => name)).toEqual(["yes.txt"]);
    expect(element.items[0]?.task?.options).toMatchObject({
      fileName: "renamed.txt",
      folder: "/inbox",
      tags: "web",
      description: "the file yes.txt",
    });
  });

  test("without `multiple` one file takes the place of the other, whose upload is canceled", async () => {
    const element = mount();
    await element.add(textFiles("first.txt", "ignored.txt"));
    const [first] = element.items;
    await element.add(textFiles("second.txt"));
    expect(element.items.map(({ name }) => name)).toEqual(["second.txt"]);
    expect(first?.task?.state).toBe("canceled");
  });

  test("without `multiple` a file that is refused takes nobody's place", async () => {
    const element = mount({ accept: "image/*" });
    element.results = [stored("portrait.jpg")];
    await element.add(textFiles("wrong.txt"));
    expect(element.value).toEqual(["id-portrait.jpg"]);
    expect(element.items.map(({ name }) => name)).toEqual(["portrait.jpg", "wrong.txt"]);
  });

  test("files over the number allowed are shown with the reason, and sent nowhere", async () => {
    const element = mount({ multiple: "", "max-files": "2" });
    const refused: string[] = [];
    element.addEventListener("sluice-refused", ({ detail }) => refused.push(detail.message));
    await element.add(textFiles("1.txt", "2.txt", "3.txt"));
    expect(refused).toEqual(["Too many files. The limit is 2."]);
    await frame();
    expect(parts(element, "row").map((row) => row.dataset.state)).toEqual(["refused", "sending", "sending"]);
    element.clear(element.items.slice(0, 1));
    await element.add(textFiles("4.txt"));
    expect(element.items.at(-1)?.task).toBeDefined();
  });

  test("files whose checks are running when the list is emptied don't come into it afterwards", async () => {
    const element = mount({ multiple: "" });
    const adding = element.add(textFiles("a.txt", "b.txt"));
    element.clear();
    await adding;
    expect(element.items).toEqual([]);
  });

  test("a folder's files keep their folders where that is asked for", async () => {
    const files = textFiles("a.txt", "b.txt");
    for (const file of files) Object.defineProperty(file, "webkitRelativePath", { value: `album/2026/${file.name}` });
    const flat = mount({ multiple: "", folder: "/inbox" });
    await flat.add(files);
    expect(flat.items.map(({ task }) => task?.options.folder)).toEqual(["/inbox", "/inbox"]);
    const deep = mount({ multiple: "", folder: "/inbox/", "keep-paths": "" });
    await deep.add(files);
    expect(deep.items[0]?.task?.options).toMatchObject({ fileName: "a.txt", folder: "/inbox/album/2026" });
    const rootless = mount({ multiple: "", "keep-paths": "" });
    await rootless.add(files);
    expect(rootless.items[0]?.task?.options.folder).toBe("/album/2026");
  });

  test("a failed upload says why, in the page's words where there are some, and can be tried again", async () => {
    const element = mount({ "text-failed": "Nope: {message}" });
    element.texts = { BUSY: "No token today." };
    const failed = nextEvent(element, "sluice-failed");
    element.getToken = () => Promise.reject(new UploadError("BUSY", "Later.", { retryable: true, again: false }));
    await element.add(textFiles("a.txt"));
    const { task, message } = await failed;
    expect(message).toBe("No token today.");
    await frame();
    expect(textOf(element, "status")).toBe("Nope: No token today.");
    expect(shownButtons(element)).toEqual(["Retry failed", "Clear", "Retry a.txt", "Remove a.txt"]);
    element.getToken = () => new Promise<string>(() => undefined);
    parts(element, "action")[0]?.click();
    expect(task?.state).toBe("sending");
  });

  test("what would fail again is offered no other attempt", async () => {
    const element = mount();
    const failed = nextEvent(element, "sluice-failed");
    element.getToken = () => Promise.reject(new UploadError("NOT_ALLOWED", "Not this one."));
    await element.add(textFiles("a.txt"));
    await failed;
    await frame();
    expect(shownButtons(element)).toEqual(["Clear", "Remove a.txt"]);
    element.retry();
    expect(element.items[0]?.task?.state).toBe("failed");
  });

  test("what is under way or paused is canceled together, and goes", async () => {
    const element = mount({ multiple: "" });
    element.results = [stored("done.txt")];
    await element.add(textFiles("a.txt", "b.txt"));
    const tasks = element.items.map(({ task }) => task);
    tasks[1]?.pause();
    parts(element, "cancelAll")[0]?.click();
    expect(tasks.map((task) => task?.state)).toEqual([undefined, "canceled", "canceled"]);
    expect(element.items.map(({ name }) => name)).toEqual(["done.txt"]);
  });
});

/** Returns the names of the visible buttons, apart from those that choose files. */
function shownButtons(element: SluiceUploader): (string | null)[] {
  const buttons = [...parts(element, "summary-button"), ...parts(element, "row-button")];
  return buttons.filter(({ hidden }) => !hidden).map((button) => button.ariaLabel || button.textContent);
}

describe("what is stored", () => {
  const link = (element: SluiceUploader) => parts(element, "name")[0]?.getAttribute("href");

  test("can be opened by its name", async () => {
    const element = mount();
    element.results = [stored("a.jpg")];
    await frame();
    const [name] = parts(element, "name");
    expect(name).toMatchObject({ target: "_blank", rel: "noopener", ariaLabel: "Open a.jpg" });
    expect(link(element)).toBe("/files/a.jpg");
  });

  test.each([
    ["is private", {}, { isPrivateFile: true }],
    ["is a draft", {}, { isPublished: false }],
    ["the page wants no links to", { "no-links": "" }, {}],
  ])("and %s has no link that leads nowhere", async (_, attributes, fields) => {
    const element = mount(attributes);
    element.results = [stored("a.jpg", fields)];
    await frame();
    expect(link(element)).toBeNull();
    expect(parts(element, "name")[0]?.matches(":link")).toBe(false);
  });

  test("has no link before it is", async () => {
    const element = mount();
    await element.add(textFiles("a.txt"));
    await frame();
    expect(link(element)).toBeNull();
  });
});

describe("figures", () => {
  test("add up: every file of the list is counted, once", async () => {
    const element = mount({ multiple: "", accept: ".txt" });
    element.results = [stored("done.txt")];
    await element.add(textFiles("a.txt", "b.txt", "refused.pdf"));
    await frame();
    expect(textOf(element, "summary-text")).toBe("1 of 4 uploaded · 1 failed");
    element.clear(element.items.slice(1, 3));
    await frame();
    expect(textOf(element, "summary-text")).toBe("1 uploaded · 1 failed");
  });
});

describe("in the page", () => {
  test("a move keeps the uploads and their rows", async () => {
    const element = mount({ multiple: "" });
    await element.add(textFiles("a.txt", "b.txt"));
    const states = () => element.items.map(({ task }) => task?.state);
    const before = states();
    const target = document.createElement("section");
    document.body.append(target);
    target.append(element);
    await frame();
    expect(states()).toEqual(before);
    expect(parts(element, "row")).toHaveLength(2);
    expect(parts(element, "row").every((row) => row.checkVisibility())).toBe(true);
  });

  test("thumbnails give their bytes free when the row goes, and when the element does", async () => {
    const alive = new Set<string>();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (object) => {
      const url = createObjectURL.call(URL, object);
      alive.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      alive.delete(url);
      revokeObjectURL.call(URL, url);
    };
    try {
      const canvas = new OffscreenCanvas(20, 20);
      canvas.getContext("2d");
      const blob = await canvas.convertToBlob();
      const pictures = ["a", "b", "c"].map((name) => new File([blob], `${name}.png`, { type: "image/png" }));
      const element = mount({ multiple: "" });
      await element.add(pictures);
      await frame();
      await frame();
      expect(alive.size).toBe(3);
      element.clear(element.items.slice(0, 1));
      expect(alive.size).toBe(2);
      const before = [...alive];
      document.body.append(element);
      await frame();
      expect([...alive]).toEqual(before);
      element.remove();
      await frame();
      expect(alive.size).toBe(0);
      document.body.append(element);
      await frame();
      expect(alive.size).toBe(2);
      element.clear();
      expect(alive.size).toBe(0);
    } finally {
      Object.assign(URL, { createObjectURL, revokeObjectURL });
    }
  });

  test("defining it a second time is no error", async () => {
    const again = "../element.ts?again";
    await expect(import(/* @vite-ignore */ again)).resolves.toBeDefined();
  });

  test("two hundred rows are drawn once a frame, and only those that changed", async () => {
    const element = mount({ multiple: "" });
    let drawn = 0;
    element.addEventListener("sluice-progress", () => drawn++);
    await element.add(textFiles(...Array.from({ length: 200 }, (_, index) => `${index}.txt`)));
    expect(drawn).toBe(0);
    await frame();
    expect(drawn).toBe(1);
    const rows = parts(element, "row");
    expect(rows).toHaveLength(200);
    const touched: Node[] = [];
    const observer = new MutationObserver((records) => touched.push(...records.map(({ target }) => target)));
    for (const row of rows) observer.observe(row, { subtree: true, childList: true, attributes: true });
    element.items[5]?.task?.pause();
    await frame();
    await frame();
    observer.disconnect();
    const changed = rows.filter((row) => touched.some((node) => row.contains(node)));
    expect(changed).toContain(rows[5]);
    expect(changed.length).toBeLessThan(4);
  });
});

describe("texts", () => {
  test("files are named by their text, whatever is in it", async () => {
    const element = mount({ multiple: "" });
    await element.add(textFiles('<img src=x onerror="alert(1)">.txt'));
    await frame();
    expect(textOf(element, "name")).toBe('<img src=x onerror="alert(1)">.txt');
    expect(element.shadowRoot?.querySelector("img")).toBeNull();
  });

  test("what may be uploaded is said in words", () => {
    const limits = { multiple: "", accept: "image/*, .pdf,video/mp4", "max-size": "25MB", "max-files": "10" };
    const hint = textOf(mount(limits), "hint");
    expect(hint?.replaceAll("\u00a0", " ")).toBe("images, PDF, and MP4 · Up to 25 MB each · Up to 10 files");
    expect(hint?.split(/ (?=Up)/)).toEqual([
      "images, PDF, and MP4\u00a0·",
      "Up\u00a0to\u00a025\u00a0MB\u00a0each\u00a0·",
      "Up\u00a0to\u00a010\u00a0files",
    ]);
    const [button] = parts(mount(limits), "choose");
    expect(button?.ariaDescribedByElements?.map(({ textContent }) => textContent)).toEqual([hint]);
    expect(textOf(mount({ ...limits, "text-types": "Fotos" }), "hint")).toMatch(/^Fotos\s· /);
    expect(textOf(mount({ accept: "image/*", "max-size": "25MB" }), "hint")).toMatch(/^images\s· Up\sto\s25\sMB$/);
    expect(textOf(mount({ ...limits, "text-hint": "Nur Fotos" }), "hint")).toBe("Nur Fotos");
  });

  test("a text that changes is shown at once, in the rows as well", async () => {
    const element = mount({ multiple: "" });
    await element.add(textFiles("a.txt"));
    element.texts = { more: "Mehr", remove: "{name} entfernen" };
    await frame();
    expect(textOf(element, "choose")).toBe("Mehr");
    expect(parts(element, "remove")[0]?.ariaLabel).toBe("a.txt entfernen");
  });
});
