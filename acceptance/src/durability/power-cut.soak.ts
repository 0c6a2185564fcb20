import { expect, test } from "vitest";
import { describeWhere } from "../harness/needs.ts";
import { straceProblem } from "../harness/traced-server.ts";
import { expectCutSurvived, recordUploads, survivors } from "./power-cuts.ts";

describeWhere(straceProblem(), "a server whose power was cut starts, and fsck finds it clean", () => {
  test("just when each of the acknowledgements left, whatever is left of what was not synced", {
    timeout: 600_000,
  }, async () => {
    const recording = await recordUploads();
    expect(recording.acknowledgements).toHaveLength(26);
    for (const at of recording.acknowledgements.keys()) {
      for (const left of at % 3 === 0 ? survivors : survivors.slice(0, 1)) await expectCutSurvived(recording, at, left);
    }
  });
});
