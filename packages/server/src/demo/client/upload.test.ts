import { expect, test } from "vitest";
import { parametersFor } from "./upload.ts";

const options = { folder: "/demo", useUniqueFileName: true, tags: "" };

test("what is not given is not sent", () => {
  expect(parametersFor("a b.jpg", options)).toEqual({
    fileName: "a b.jpg",
    folder: "/demo",
    useUniqueFileName: "true",
  });
});

test("tags are sent, and asked for in the answer", () => {
  expect(parametersFor("a.jpg", { ...options, useUniqueFileName: false, tags: "x,y" })).toEqual({
    fileName: "a.jpg",
    folder: "/demo",
    useUniqueFileName: "false",
    tags: "x,y",
    responseFields: "tags",
  });
});

test("a name that no form can carry is signed as it will arrive", () => {
  expect(parametersFor("a\ud800.jpg", options).fileName).toBe("a\ufffd.jpg");
});
