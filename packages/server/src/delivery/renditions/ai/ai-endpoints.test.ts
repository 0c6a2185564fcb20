import { expect, test } from "vitest";
import { parseAiEndpoints } from "./ai-provider.ts";

test("several effects have endpoints, and a comma may be part of a URL", () => {
  expect(parseAiEndpoints("e-bgremove=https://a.example/x?y=1,2, bg-genfill = http://10.0.0.1:8000/fill")).toEqual({
    "e-bgremove": "https://a.example/x?y=1,2",
    "bg-genfill": "http://10.0.0.1:8000/fill",
  });
});

test.each([
  ["e-blur=https://a.example", "the effect one of e-bgremove, e-removedotbg"],
  ["https://a.example", "must be <effect>=<url>"],
  ["e-edit=https://a.example,e-edit=https://b.example", "names e-edit twice"],
  ["e-edit=https://user:hunter2@a.example", "e-edit must be an http or https URL without credentials"],
])("%s is refused", (text, problem) => {
  expect(() => parseAiEndpoints(text)).toThrow(problem);
  expect(() => parseAiEndpoints(text)).not.toThrow("hunter2");
});
