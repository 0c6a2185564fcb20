import { MantineProvider } from "@mantine/core";
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PdfPage } from "./pdf-page.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const onFailure = vi.fn();
const place = document.createElement("div");
let root: ReturnType<typeof createRoot>;
beforeEach(() => {
  root = createRoot(place);
  // Without an address, the browser itself loads nothing, and tells of nothing.
  const page = { name: "paper.pdf", versionId: "1", page: 3, address: undefined as never, onFailure };
  act(() => root.render(createElement(MantineProvider, null, createElement(PdfPage, page))));
});
afterEach(() => {
  act(() => root.unmount());
  vi.unstubAllGlobals();
  onFailure.mockClear();
});

const picture = () => place.querySelector("img") as HTMLImageElement;

async function failWith(status: number, error = ""): Promise<void> {
  vi.stubGlobal("fetch", async () => new Response(null, { status, headers: { "ik-error": error } }));
  await act(async () => {
    picture().dispatchEvent(new Event("error"));
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
}

test.each([401, 503])(
  "a page that is answered %d is loaded once more, and again after it was shown",
  async (status) => {
    for (let time = 0; time < 2; time += 1) {
      const failed = picture();
      await failWith(status);
      expect(onFailure).not.toHaveBeenCalled();
      expect(picture()).not.toBe(failed);
      act(() => picture().dispatchEvent(new Event("load")));
      expect(picture().hidden).toBe(false);
    }
    await failWith(status);
    await failWith(status);
    expect(onFailure.mock.calls).toEqual([[false]]);
  },
);

test("a page that can't be read, and one behind the last, are not loaded again", async () => {
  const shown = picture();
  await failWith(400, "EINVALID - The image can't be decoded");
  await failWith(400, "EINVALID - The file has no page 3");
  expect(picture()).toBe(shown);
  expect(onFailure.mock.calls).toEqual([[false], [true]]);
});
