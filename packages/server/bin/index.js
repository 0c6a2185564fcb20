// What `import … from "sluice"` loads. It says in one line why the server can't run here, before anything else fails.
import { built, nodeProblem, suits } from "./runtime.js";

if (!suits) refuse(nodeProblem);
if (!built) refuse("sluice: this checkout has no build to import; run `npm run build` in it and try again");

export const { ConfigError, createSluice } = await import("../dist/index.js");

function refuse(problem) {
  const error = new Error(problem);
  // The places in this file that a stack would name help nobody.
  error.stack = problem;
  throw error;
}
