import { expect, test } from "vitest";
import { describeEngines } from "../engines.ts";
import { contentScenariosOfThree } from "./content-scenarios.ts";
import { runInterleavings } from "./run-interleavings.ts";

/* All interleavings of the scenarios of three actors, which `content-of-two.soak.ts` explains. */
describeEngines((engine) => {
  test.each(Object.entries(contentScenariosOfThree))("%s", { timeout: 610_000 }, async (_, scenario) => {
    expect(await runInterleavings(engine, scenario, 600_000)).toMatchObject({ complete: true });
  });
});
