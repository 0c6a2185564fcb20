import { SluiceError } from "@sluice/protocol";
import { isListParameter } from "@sluice/token";
import { repeatablePartNames } from "../receive/repeatable-parts.ts";

/**
 * Makes a check that no field of a form comes twice. It takes the names of the fields as they arrive, and is for forms
 * whose fields no token lists.
 * @returns a function that throws SluiceError PARAMETER_REPEATED for a name that comes twice, unless the field is part
 * of a list
 */
export function onceOnly(): (name: string) => void {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name) && !isListParameter(name) && !repeatablePartNames.has(name)) {
      throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
    }
    seen.add(name);
  };
}
