import type { UploadResponse } from "../types.ts";
import { ReflectingElement } from "./reflect.ts";

export type FormProblem = "customError" | "valueMissing";

/** Offers what the browser's own form controls offer. The control's value is the uploaded files. */
export class FormControlElement extends ReflectingElement {
  static readonly formAssociated = true;
  readonly #internals = Object.assign(this.attachInternals(), { role: "group" });

  declare readonly form: ElementInternals["form"];
  declare readonly labels: ElementInternals["labels"];
  declare readonly validity: ElementInternals["validity"];
  declare readonly validationMessage: ElementInternals["validationMessage"];
  declare readonly willValidate: ElementInternals["willValidate"];

  static {
    for (const name of ["form", "labels", "validity", "validationMessage", "willValidate"] as const) {
      const get = function (this: FormControlElement) {
        return this.#internals[name];
      };
      Object.defineProperty(FormControlElement.prototype, name, { get });
    }
  }

  checkValidity(): boolean {
    return this.#internals.checkValidity();
  }
  reportValidity(): boolean {
    return this.#internals.reportValidity();
  }

  /** Submits one entry for each file. It also keeps the complete answers, for a form that the browser restores. */
  protected setResults(name: string, values: readonly string[], results: readonly UploadResponse[]): void {
    const entries = new FormData();
    for (const value of values) entries.append(name, value);
    this.#internals.setFormValue(name ? entries : null, JSON.stringify(results));
  }

  /** Sets the control's problem. Without a problem the control is valid. */
  protected setProblem(problem: FormProblem | undefined, message: string, anchor: HTMLElement): void {
    this.#internals.setValidity(problem ? { [problem]: true } : {}, message, anchor);
  }
}
