import { expect, test } from "vitest";
import { newSecret } from "../../text/secrets.ts";
import { carriesSecret, demoLink } from "./demo-secret.ts";

const secret = newSecret();

test("the link leads to this machine where the server listens on every address", () => {
  expect(demoLink("https://media.example", secret)).toBe(`https://media.example/_sluice/demo#secret=${secret}`);
  expect(demoLink("http://0.0.0.0:3000", secret)).toBe(`http://127.0.0.1:3000/_sluice/demo#secret=${secret}`);
  expect(demoLink("http://[::]:3000", secret)).toBe(`http://127.0.0.1:3000/_sluice/demo#secret=${secret}`);
});

test.each<[string, Record<string, string>, boolean]>([
  ["the secret", { "x-sluice-demo": secret }, true],
  ["the secret of an earlier start", { "x-sluice-demo": newSecret() }, false],
  ["a part of the secret", { "x-sluice-demo": secret.slice(1) }, false],
  ["an empty header", { "x-sluice-demo": "" }, false],
  ["two secrets", { "x-sluice-demo": `${secret}, ${secret}` }, false],
  [
    "all that the page's own requests have beside it",
    { host: "localhost:3000", origin: "http://localhost:3000", "sec-fetch-site": "same-origin" },
    false,
  ],
])("a request with %s", (_, headers, expected) => {
  expect(carriesSecret(new Headers(headers), secret)).toBe(expected);
});
