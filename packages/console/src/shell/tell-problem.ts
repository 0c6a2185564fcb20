import { asProblem } from "../api/problem.ts";
import { notify } from "./notice-store.ts";

/** Shows what a request has thrown as a notice, with the server's advice. */
export function tellProblem(error: unknown, title?: string): void {
  const { message, help } = asProblem(error);
  const said = title === undefined ? message : `${title}: ${message}`;
  notify({ kind: "failed", message: said, details: help === undefined ? [] : [help] });
}
