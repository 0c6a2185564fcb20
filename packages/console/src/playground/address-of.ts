import { withTransformation } from "../library/library-file.ts";
import { encoded } from "./steps.ts";

/** The address of a picture with this transformation, as it is typed. */
export function addressOf(original: string, text: string): string {
  return text === "" ? original : withTransformation(original, encoded(text));
}
