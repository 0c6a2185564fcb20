import { expect, test } from "vitest";
import { RestartRequests } from "./restart-requests.ts";

test("requests that come before anybody listens are told once, and later ones each", () => {
  const requests = new RestartRequests();
  let told = 0;
  requests.ask();
  requests.ask();
  requests.listen(() => told++);
  expect(told).toBe(1);
  requests.ask();
  requests.ask();
  expect(told).toBe(3);
});
