import { expect, test } from "vitest";
import { spritePlacesIn } from "./sprite-places.ts";

const text = `WEBVTT

00:00:00.000 --> 00:00:00.500
ik-sprite.jpg?tr=w-90#xywh=0,0,90,50

01:02:03.500 --> 01:02:04.000
ik-sprite.jpg?tr=w-90#xywh=90,50,90,50
`;

test("the places in a sprite are read with their times, and its size follows from them", () => {
  expect(spritePlacesIn(text)).toEqual({
    picture: "ik-sprite.jpg?tr=w-90",
    width: 180,
    height: 100,
    places: [
      { from: 0, left: 0, top: 0, width: 90, height: 50 },
      { from: 3723.5, left: 90, top: 50, width: 90, height: 50 },
    ],
  });
});

test("another text has no places", () => {
  expect(spritePlacesIn("WEBVTT\n\n00:00.000 --> 00:01.000\nHello")).toBeUndefined();
  expect(spritePlacesIn("Not Found")).toBeUndefined();
});
