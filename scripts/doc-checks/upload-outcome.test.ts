import { readFileSync } from "node:fs";
import { SluiceError } from "@sluice/protocol";
import { expect, test } from "vitest";

const page = readFileSync("docs/upload-outcome.md", "utf8");

test("the page shows the answers to used tokens as the server writes them", () => {
  const answers = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = ""]) => JSON.parse(json));
  const [, token = ""] = /The token with value '([^']+)'/.exec(page) ?? [];
  const errors = [new SluiceError("TOKEN_USED"), new SluiceError("SIGNED_TOKEN_USED", { token })];
  expect(answers).toEqual(errors.map((error) => error.toJSON()));
});
