import { SluiceError } from "@sluice/protocol";
import { repeatablePartNames } from "../receive/repeatable-parts.ts";

/**
 * Takes the names of a form's fields as they come, where no token says what they are.
 * @throws SluiceError PARAMETER_REPEATED for one that comes twice, unless it is a list's
 */
export function onceOnly(): (name: string) => void {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name) && !repeatablePartNames.has(name)) {
      throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
    }
    seen.add(name);
  };
}
