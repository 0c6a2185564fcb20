import { SluiceError } from "@sluice/protocol";
import { isListParameter, joinList } from "@sluice/token";

/**
 * The lists that clients may also send as repeated parts `name[]` beside Basic authentication
 * (docs/protocol/upload.md §5).
 */
const repeatableParameters = ["tags", "responseFields"] as const;
export const repeatablePartNames: ReadonlySet<string> = new Set(repeatableParameters.map((name) => `${name}[]`));

/** The text fields of a form, by name. The authoriser decides what happens to a repeated field. */
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
   * Each field's text. The fields of a list are one text, whether the list came in one field or entry by entry. Of
   * another repeated field it is the first text: the authoriser decides whether such a form is taken.
   * @throws SluiceError PARAMETER_REPEATED for fields that can't be one list
   */
  toMap(): Map<string, string> {
    const fields = new Map<string, string>();
    for (const [name, values] of this.#values) {
      const joined = joinList(name, values);
      if (joined === undefined && isListParameter(name)) throw repeated(name);
      fields.set(name, joined ?? values[0] ?? "");
    }
    return fields;
  }

  /** The fields that later fields can't change. Lists are left out, because further entries may come. */
  soFar(): Map<string, string> {
    const fields = new Map([...this.#values].map(([name, values]) => [name, values[0] ?? ""]));
    for (const name of fields.keys()) if (isListParameter(name)) fields.delete(name);
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
      if (present(fields, name) !== undefined) throw repeated(name);
      fields.set(name, JSON.stringify(values));
    }
    return fields;
  }
}

function repeated(parameter: string): SluiceError {
  return new SluiceError("PARAMETER_REPEATED", { parameter });
}

/**
 * Returns a form's field as text. Clients send `undefined` and `null` for fields that they left out, so these values
 * count as absent (docs/protocol/upload.md §5).
 */
export function present(fields: ReadonlyMap<string, string>, name: string): string | undefined {
  const text = fields.get(name);
  const absent =
    text === undefined || text === "" || (name !== "fileName" && (text === "undefined" || text === "null"));
  return absent ? undefined : text;
}
