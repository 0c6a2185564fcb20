import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { Tally } from "./tally.ts";

test("what is added up is there whenever somebody looks, once", async () => {
  const registry = new Registry();
  const tally = new Tally({ name: "eggs_total", help: "Eggs", labelNames: ["colour"], registers: [registry] });
  const white = tally.mark({ colour: "white" });
  tally.mark({ colour: "brown" });
  const values = async () => (await registry.getMetricsAsJSON())[0]?.values;
  expect(await values()).toEqual([]);
  white.add();
  white.add();
  expect(await values()).toEqual([{ labels: { colour: "white" }, value: 2 }]);
  tally.mark({ colour: "white" }).add();
  expect(await values()).toEqual([{ labels: { colour: "white" }, value: 3 }]);
  expect(await registry.metrics()).toContain('eggs_total{colour="white"} 3');
});
