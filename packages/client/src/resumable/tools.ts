import { bodyOf, errorOf, isSuccess, uploadResponse } from "../answer.ts";
import { ask } from "../ask.ts";
import { networkError } from "../network-error.ts";
import { passing } from "../upload-error.ts";
import { pause, unlessAborted } from "../waiting.ts";
import { headersOf } from "../xhr-transport.ts";

/**
 * The functions that the second file of the bundle takes from the first. The first file passes them on, because the second
 * one imports nothing: it does not know under which name and from where the page has loaded the first.
 */
export const tools = {
  ask,
  bodyOf,
  errorOf,
  headersOf,
  isSuccess,
  networkError,
  passing,
  pause,
  unlessAborted,
  uploadResponse,
};
export type Tools = typeof tools;
