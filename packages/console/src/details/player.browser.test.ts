import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { Player } from "./player.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

test("a player takes a newer address once its own has ended, and goes on where it stopped", () => {
  const place = document.createElement("div");
  const root = createRoot(place);
  const show = (address: string) =>
    act(() => root.render(createElement(Player, { kind: "audio", versionId: "1", address })));
  const shown = () => place.querySelector("audio") as HTMLAudioElement;
  const [first, second] = ["data:audio/wav,first", "data:audio/wav,second"];
  show(first);
  show(second);
  expect(shown().src).toBe(first);

  let time = 90;
  Object.defineProperty(shown(), "currentTime", { get: () => time, set: (at: number) => (time = at) });
  act(() => shown().dispatchEvent(new Event("error")));
  expect(shown().src).toBe(second);
  time = 0;
  act(() => shown().dispatchEvent(new Event("loadedmetadata")));
  expect(time).toBe(90);
  act(() => root.unmount());
});
