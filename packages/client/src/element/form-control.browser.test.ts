import { afterEach, describe, expect, test } from "vitest";
import { frame, mount, parts, stored, textFiles, textOf } from "./testing/mount.ts";

afterEach(() => document.body.replaceChildren());

function formWith(attributes: Readonly<Record<string, string>>) {
  const form = document.createElement("form");
  document.body.append(form);
  const element = mount(attributes, form);
  return { form, element, submitted: (name: string) => new FormData(form).getAll(name) };
}

describe("what a form submits", () => {
  test("is the id of each uploaded file, under the element's name", () => {
    const { element, submitted } = formWith({ name: "photos", multiple: "" });
    element.results = [stored("a.jpg"), stored("b.jpg")];
    expect(submitted("photos")).toEqual(["id-a.jpg", "id-b.jpg"]);
    expect(element.value).toEqual(["id-a.jpg", "id-b.jpg"]);
  });

  test("is another field of the answer where that is asked for", () => {
    const { element, submitted } = formWith({ name: "photos", "value-field": "url" });
    element.results = [stored("a.jpg")];
    expect(submitted("photos")).toEqual(["/files/a.jpg"]);
    element.valueField = "filePath";
    expect(submitted("photos")).toEqual(["/a.jpg"]);
  });

  test("has nothing of files that were removed, and nothing at all without a name", async () => {
    const { form, element, submitted } = formWith({ name: "photos", multiple: "" });
    element.results = [stored("a.jpg"), stored("b.jpg")];
    await frame();
    parts(element, "remove")[0]?.click();
    expect(submitted("photos")).toEqual(["id-b.jpg"]);
    element.name = "";
    expect([...new FormData(form)]).toEqual([]);
  });
});

describe("validity", () => {
  test("required: without a file the form is not submitted, and says why", () => {
    const { form, element } = formWith({ name: "photos", required: "", "text-value-missing": "Ein Foto, bitte." });
    expect(form.checkValidity()).toBe(false);
    expect(element.validity.valueMissing).toBe(true);
    expect(element.validationMessage).toBe("Ein Foto, bitte.");
    element.results = [stored("a.jpg")];
    expect(form.checkValidity()).toBe(true);
    element.required = false;
    element.clear();
    expect(element.checkValidity()).toBe(true);
  });

  test("while uploads are under way the form waits for them", async () => {
    const { form, element } = formWith({ name: "photos" });
    await element.add(textFiles("a.txt"));
    expect(form.checkValidity()).toBe(false);
    expect(element.validationMessage).toBe("Wait for uploads to finish.");
    element.clear();
    expect(form.checkValidity()).toBe(true);
  });

  test("reporting a problem leads the focus to the button", () => {
    const { form, element } = formWith({ name: "photos", required: "" });
    form.reportValidity();
    expect(document.activeElement).toBe(element);
    expect(element.shadowRoot?.activeElement).toBe(parts(element, "choose")[0]);
  });
});

describe("the form's life", () => {
  test("a reset restores the files that were there at first, and cancels what is under way", async () => {
    const { form, element, submitted } = formWith({ name: "photos", multiple: "" });
    element.results = [stored("first.jpg")];
    await element.add(textFiles("later.txt"));
    const { task } = element.items[1] ?? {};
    form.reset();
    expect(submitted("photos")).toEqual(["id-first.jpg"]);
    expect(task?.state).toBe("canceled");
    await frame();
    expect(parts(element, "row")).toHaveLength(1);
  });

  test("a disabled fieldset disables every button, takes no files and submits nothing", async () => {
    const { form, element, submitted } = formWith({ name: "photos", multiple: "", required: "" });
    const fieldset = document.createElement("fieldset");
    form.append(fieldset);
    fieldset.append(element);
    element.results = [stored("a.jpg")];
    fieldset.disabled = true;
    await frame();
    for (const part of ["choose", "remove"]) expect(parts(element, part)[0]?.matches(":disabled")).toBe(true);
    expect(submitted("photos")).toEqual([]);
    expect(element.willValidate).toBe(false);
    const transfer = new DataTransfer();
    transfer.items.add(new File(["b"], "b.txt"));
    const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, composed: true, cancelable: true });
    element.dispatchEvent(drop);
    expect(drop.defaultPrevented).toBe(false);
    fieldset.disabled = false;
    element.disabled = true;
    expect(parts(element, "choose")[0]?.matches(":disabled")).toBe(true);
  });

  test("a label names it and leads to it", () => {
    const { form, element } = formWith({ name: "photos" });
    element.id = "photos";
    const label = document.createElement("label");
    label.htmlFor = "photos";
    label.textContent = "Photos";
    form.prepend(label);
    expect([...element.labels]).toEqual([label]);
    expect(element.form).toBe(form);
    element.focus();
    expect(textOf(element, "choose")).toBe(element.shadowRoot?.activeElement?.textContent);
  });
});
