import type { GetToken, UploadResponse } from "../types.ts";
import { isOffline } from "../waiting.ts";
import { FormControlElement, type FormProblem } from "./form-control.ts";
import { listFiles } from "./gather-files.ts";
import { countItems, resultOf, type UploaderItem } from "./item.ts";
import { receiveFiles } from "./receive-files.ts";
import { adoptEarlyProperties, reflectedAttributes } from "./reflect.ts";
import { styleSheet } from "./styles.ts";
import { english, type Texts } from "./texts.ts";
import { type GivenParameters, makeUploads } from "./uploads.ts";
import { textAttribute, wordsFor } from "./words.ts";

/** `<sluice-uploader>`; see docs/uploader-element.md. */
export class SluiceUploader extends FormControlElement {
  static readonly observedAttributes = [...reflectedAttributes, ...Object.keys(english).map(textAttribute)];

  #getToken: GetToken | string | URL | undefined;
  #parameters: GivenParameters | undefined;
  #texts: Texts = {};
  #initial: readonly UploadResponse[] = [];
  #listening: AbortController | undefined;

  readonly #words = wordsFor(this, () => this.#texts);
  readonly #uploads = makeUploads(
    this,
    this.#words,
    (name, detail) =>
      this.dispatchEvent(
        new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: name === "sluice-add" }),
      ),
    () => this.#updateForm(),
  );
  readonly #view = this.#uploads.view;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(this.#view.base);
  }

  /**
   * A function that mints a token for each attempt, or the address of a token endpoint. It wins over the
   * `token-endpoint` attribute.
   */
  get getToken(): GetToken | string | URL | undefined {
    return this.#getToken;
  }
  set getToken(value) {
    this.#getToken = value;
  }

  /** The upload parameters of every file, or a function that returns them for one file. */
  get parameters(): GivenParameters | undefined {
    return this.#parameters;
  }
  set parameters(value) {
    this.#parameters = value;
  }

  get texts(): Texts {
    return this.#texts;
  }
  set texts(value: Texts | undefined) {
    this.#texts = value ?? {};
    this.#view.change(this.items);
  }

  /** The server's answers. Setting them shows files that were uploaded earlier, and a form's reset restores them. */
  get results(): readonly UploadResponse[] {
    return this.items.flatMap((item) => resultOf(item) ?? []);
  }
  set results(value: readonly UploadResponse[] | undefined) {
    this.#initial = value ?? [];
    this.#uploads.restore(this.#initial);
  }

  /** The values that a form submits: from each answer, the field that `value-field` names. */
  get value(): readonly string[] {
    return this.results.map((result) => String(result[this.valueField] ?? ""));
  }

  get items(): readonly UploaderItem[] {
    return this.#view.items();
  }

  /** Takes files as if the user had chosen them. Settles when they are in the list. */
  add(files: Iterable<File>): Promise<void> {
    return this.#uploads.take(listFiles(files));
  }
  /** Pauses all files, including files that are added later, until `resume()`. */
  pause(): void {
    this.#uploads.pause();
  }
  resume(): void {
    this.#uploads.resume();
  }
  /** Retries all failed files for which another attempt may succeed. */
  retry(): void {
    this.#uploads.retry();
  }
  /** Removes files from the list, all of them by default, and cancels those that are under way. */
  clear(items?: readonly UploaderItem[]): void {
    if (items) this.#uploads.remove(items);
    else this.#uploads.restore([]);
  }
  /** Opens the browser's file dialog. Browsers allow this only in response to a user's action. */
  showPicker(): void {
    this.#view.button.click();
  }

  connectedCallback(): void {
    adoptEarlyProperties(this);
    this.#listen();
    this.#view.change(this.items);
    this.#view.draw();
    this.#updateForm();
  }

  disconnectedCallback(): void {
    this.#listening?.abort();
    // A move takes the element out of the page and puts it back at once. Its pictures need not be read again then.
    queueMicrotask(() => this.isConnected || this.#view.release());
  }

  attributeChangedCallback(name: string): void {
    if (this.#listening === undefined) return;
    if (name === "whole-page") this.#listen();
    this.#view.change(this.items);
    this.#updateForm();
  }

  formDisabledCallback(disabled: boolean): void {
    this.#view.base.disabled = disabled;
  }
  formResetCallback(): void {
    this.#uploads.restore(this.#initial);
  }
  formStateRestoreCallback(state: string): void {
    this.#uploads.restore(JSON.parse(state));
  }

  #listen(): void {
    this.#listening?.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const redraw = (): void => {
      this.#view.change(this.items);
      if (isOffline() && countItems(this.items).active) this.#view.tell(this.#words.say("offline"));
    };
    for (const type of ["online", "offline"]) addEventListener(type, redraw, { signal });
    receiveFiles(
      this.wholePage ? this.ownerDocument : this,
      signal,
      () => !this.#view.base.disabled,
      (isOver) => this.#view.base.classList.toggle("over", isOver),
      this.#uploads.take,
    );
  }

  #updateForm(): void {
    const { active, paused } = countItems(this.items);
    const { results } = this;
    let problem: FormProblem | undefined;
    if (this.required && results.length === 0) problem = "valueMissing";
    if (active + paused > 0) problem = "customError";
    this.setResults(this.name, this.value, results);
    this.setProblem(problem, this.#words.say(problem ?? ""), this.#view.button);
  }
}
