import { afterEach, expect } from "vitest";
import { takeProblems, watchAnswers } from "./reference/watch-answers.ts";

watchAnswers();

// A test fails when the server has answered it with anything that the API's reference does not describe.
afterEach(async () => expect(await takeProblems()).toEqual([]));
