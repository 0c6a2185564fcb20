import { SluiceError } from "@sluice/protocol";
import { repeatableParameters } from "../parameters/table.ts";
import { present } from "../validate.ts";

/** The text fields of a form, by name; what becomes of a repeated one is the gate's business. */
export class FormFields {
  readonly #values = new Map<string, string[]>();
  readonly #limit: number;
  #bytes = 0;

  /** @param limit bytes of all names and values together */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws SluiceError FORM_TOO_LARGE */
  add(name: string, value: string): void {
    this.#bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (this.#bytes > this.#limit)
      throw new SluiceError("FORM_TOO_LARGE", { limit: `${this.#limit} bytes of text fields` });
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  /**
   * Each field's text.
   * @throws SluiceError PARAMETER_REPEATED for a list that is sent in both ways
   * @param options.lists whether a list sent as parts `name[]` is there as the JSON array under `name`, too (spec/upload-v2.md §5)
   */
  toMap({ lists }: { readonly lists: boolean }): Map<string, string> {
    const fields = new Map([...this.#values].map(([name, values]) => [name, values[0] ?? ""]));
    for (const name of repeatableParameters) {
      if (!lists) {
        // It may still come in parts.
        if (present(fields, name) === undefined) fields.delete(name);
        continue;
      }
      const values = this.#values.get(`${name}[]`);
      if (values === undefined) continue;
      if (present(fields, name) !== undefined) throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
      fields.set(name, JSON.stringify(values));
    }
    return fields;
  }
}
