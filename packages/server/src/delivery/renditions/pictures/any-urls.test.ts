import { test } from "vitest";
import { checkAnyUrls } from "./testing/any-urls.ts";

test("whatever a URL asks of a picture, what its key leaves out makes no difference", () =>
  checkAnyUrls({ numRuns: 60, seed: 20_260_501 }));
