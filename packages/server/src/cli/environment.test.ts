import { expect, test } from "vitest";
import { blameVariables, unknownVariables } from "./environment.ts";

test("a variable that is no setting is told, with the one that was probably meant", () => {
  const environment = {
    SLUICE_PROT: "1",
    SLUICE_PORT: "2",
    SLUICE_SOMETHING: "x",
    SLUICE_TEST_PAIR: "y",
    SLUICE_URL: "z",
  };
  expect(unknownVariables(environment)).toEqual([
    "SLUICE_PROT is not a setting; did you mean SLUICE_PORT?",
    "SLUICE_SOMETHING is not a setting",
  ]);
});

test("a value from the environment is blamed on its variable, one from a flag on the flag", () => {
  const problem = "--port must be a whole number; --private-key needs --public-key as well";
  const environment = { SLUICE_PORT: "x", SLUICE_PRIVATE_KEY: "private_test" };
  expect(blameVariables(problem, ["serve"], environment)).toBe(
    "SLUICE_PORT must be a whole number; SLUICE_PRIVATE_KEY needs --public-key as well",
  );
  expect(blameVariables(problem, ["serve", "--port", "x", "--private-key=y"], environment)).toBe(problem);
  expect(blameVariables(problem, ["serve"], { PORT: "x" })).toBe(
    "PORT must be a whole number; --private-key needs --public-key as well",
  );
  expect(blameVariables("--port is taken", ["serve"], { PORT: "1", SLUICE_PORT: "2" })).toBe("SLUICE_PORT is taken");
  expect(blameVariables("--webhook-url is wrong", [], { SLUICE_WEBHOOK_SECRET: "x" })).toBe("--webhook-url is wrong");
});
