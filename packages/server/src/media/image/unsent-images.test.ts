import { expect, test } from "vitest";
import { UnsentImages } from "./unsent-images.ts";

const image = () => new Uint8Array(6);

function holding(unsent: UnsentImages) {
  const cut: string[] = [];
  return { cut, hold: (name: string, bytes: Uint8Array) => unsent.hold(bytes, () => cut.push(name)) };
}

test("beyond the limit those who take longest are cut off, and the newest never", () => {
  const { cut, hold } = holding(new UnsentImages(12));
  hold("first", image());
  hold("second", image());
  expect(cut).toEqual([]);
  hold("third", image());
  expect(cut).toEqual(["first"]);
  hold("large", new Uint8Array(100));
  expect(cut).toEqual(["first", "second", "third"]);
});

test("an image counts once, for as long as anybody is still to get it", () => {
  const { cut, hold } = holding(new UnsentImages(12));
  const shared = image();
  const releases = [hold("first", shared), hold("second", shared)];
  const releaseThird = hold("third", image());
  expect(cut).toEqual([]);
  releases[0]?.();
  releases[0]?.();
  hold("fourth", image());
  expect(cut).toEqual(["second"]);
  releaseThird();
  hold("fifth", image());
  expect(cut).toEqual(["second"]);
});
