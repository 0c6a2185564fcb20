import { beforeAll, expect, test } from "vitest";
import { describeWhere } from "../harness/needs.ts";
import { straceProblem } from "../harness/traced-server.ts";
import { expectCutSurvived, type Recording, recordUploads, survivors } from "./power-cuts.ts";

const [nothing, names, bytes] = survivors;

describeWhere(straceProblem(), "a server whose power was cut starts, and fsck finds it clean", () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await recordUploads();
  });

  // The soak tries every acknowledgement with every kind of loss.
  test.each([
    ["the first", "all that was not synced is lost", 0, nothing],
    ["an overwriting", "bytes that were not synced are lost", 4, names],
    ["a parallel", "names that were not synced are lost", 13, bytes],
    ["the last", "all that was not synced is lost", 25, nothing],
  ])("just when %s acknowledgement left: those so far are kept when %s", async (_which, _loss, index, left) => {
    expect(recording.acknowledgements).toHaveLength(26);
    if (left !== undefined) await expectCutSurvived(recording, index, left);
  });
});
