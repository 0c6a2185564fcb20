import type { UploadResponse } from "../types.ts";
import { ReflectingElement } from "./reflect.ts";

/** What the browser's own form controls offer, for a control whose value are uploaded files. */
export class FormControlElement extends ReflectingElement {
  static readonly formAssociated = true;
  readonly #internals = Object.assign(this.attachInternals(), { role: "group" });

  get type(): string {
    return this.localName;
  }
  get form(): HTMLFormElement | null {
    return this.#internals.form;
  }
  get labels(): NodeList {
    return this.#internals.labels;
  }
  get validity(): ValidityState {
    return this.#internals.validity;
  }
  get validationMessage(): string {
    return this.#internals.validationMessage;
  }
  get willValidate(): boolean {
    return this.#internals.willValidate;
  }
  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }
  reportValidity(): boolean {
    return this.#internals.reportValidity();
  }

  /** Submits one entry for each file, and keeps the whole answers for a form that the browser restores. */
  protected setResults(name: string, values: readonly string[], results: readonly UploadResponse[]): void {
    const entries = new FormData();
    for (const value of values) entries.append(name, value);
    this.#internals.setFormValue(name ? entries : null, JSON.stringify(results));
  }

  /** Without flags the control is valid. */
  protected setProblem(flags: ValidityStateFlags, message: string, anchor: HTMLElement): void {
    this.#internals.setValidity(flags, message, anchor);
  }
}
