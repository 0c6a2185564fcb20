import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { mount as mountSvelte, unmount } from "svelte";
import { expect, test } from "vitest";
import { createApp } from "vue/dist/vue.esm-browser.js";
import type { SluiceUploader } from "../element.ts";
import "../element.ts";
import SvelteHost from "./testing/host.svelte";
import { stored } from "./testing/mount.ts";

interface HostProperties {
  readonly getToken: () => string;
  readonly onStored: (result: unknown) => void;
}

/** Draws the element as docs/uploader-element.md shows it. @returns a function that removes it again */
type Draw = (place: HTMLElement, properties: HostProperties) => () => void;

const frameworks = {
  React: (place, { getToken, onStored }) => {
    const root = createRoot(place);
    const properties = {
      multiple: true,
      accept: "image/*",
      getToken,
      "onsluice-done": ({ detail }: CustomEvent<{ result: unknown }>) => onStored(detail.result),
    };
    flushSync(() => root.render(createElement("sluice-uploader", properties)));
    return () => flushSync(() => root.unmount());
  },
  Vue: (place, { getToken, onStored }) => {
    const template =
      '<sluice-uploader multiple accept="image/*" .getToken="getToken" @sluice-done="onStored($event.detail.result)" />';
    const app = createApp({ template, setup: () => ({ getToken, onStored }) });
    app.config.compilerOptions.isCustomElement = (tag: string) => tag === "sluice-uploader";
    app.mount(place);
    return () => app.unmount();
  },
  Svelte: (target, { getToken, onStored }) => {
    const host = mountSvelte(SvelteHost, { target, props: { getToken, onstored: onStored } });
    return () => void unmount(host);
  },
} satisfies Record<string, Draw>;

test.each(Object.entries(frameworks))("%s sets its properties, hears its events, and takes it away", (_, draw) => {
  const place = document.createElement("div");
  document.body.append(place);
  const getToken = () => "token";
  const results: unknown[] = [];
  const remove = draw(place, { getToken, onStored: (result) => results.push(result) });
  try {
    const element = place.querySelector<SluiceUploader>("sluice-uploader");
    expect(element?.getToken).toBe(getToken);
    expect(element).toMatchObject({ multiple: true, accept: "image/*" });
    const result = stored("a.jpg");
    element?.dispatchEvent(new CustomEvent("sluice-done", { detail: { result }, bubbles: true }));
    expect(results).toEqual([result]);
  } finally {
    remove();
  }
  expect(place.querySelector("sluice-uploader")).toBeNull();
  place.remove();
});
