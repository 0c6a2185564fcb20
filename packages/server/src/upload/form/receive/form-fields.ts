import { SluiceError } from "@sluice/protocol";
import { present } from "./present.ts";
import { repeatableParameters } from "./repeatable-parts.ts";

/** The text fields of a form, by name. The gate decides what happens to a repeated field. */
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

  /** Each field's text, and the first text of a repeated field. */
  toMap(): Map<string, string> {
    return new Map([...this.#values].map(([name, values]) => [name, values[0] ?? ""]));
  }

  /** The fields that later fields can't change. An empty list is left out, because it may still come in parts. */
  soFar(): Map<string, string> {
    const fields = this.toMap();
    for (const name of repeatableParameters) if (present(fields, name) === undefined) fields.delete(name);
    return fields;
  }

  /**
   * The fields, with each list that was sent as parts `name[]` as a JSON array under `name` (docs/protocol/upload.md
   * §5).
   * @throws SluiceError PARAMETER_REPEATED for a list that was sent in both ways
   */
  withLists(): Map<string, string> {
    const fields = this.toMap();
    for (const name of repeatableParameters) {
      const values = this.#values.get(`${name}[]`);
      if (values === undefined) continue;
      if (present(fields, name) !== undefined) throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
      fields.set(name, JSON.stringify(values));
    }
    return fields;
  }
}
