import { actionsOf, type CardAction, type CardState, describeState, fractionOf } from "./card-state.ts";
import { decodeToken } from "./decode-token.ts";
import { copyTemplate, partOf } from "./dom.ts";
import { formatSize } from "./format-size.ts";
import { showDelivered, showKind } from "./media.ts";
import { codeOf, parseObject, type Refusal } from "./refusal.ts";

export interface Card {
  readonly element: HTMLElement;
  show(state: CardState): void;
  showToken(token: string): void;
  /** The refusal of a second presentation; undefined takes it away. */
  showReplay(refusal: Refusal | undefined): void;
}

/** The view of one upload. Whatever comes from outside goes in as text, never as markup. */
export function createCard(file: File, onAction: (action: CardAction) => void, openAnswer: boolean): Card {
  const copy = copyTemplate("card-template");
  const element = copy.querySelector("li") as HTMLLIElement;
  const text = (name: string): HTMLElement => partOf(element, name, HTMLElement);
  const progress = partOf(element, "progress", HTMLProgressElement);
  const buttons = [...element.querySelectorAll("button")];

  text("name").textContent = file.name;
  text("name").title = file.name;
  text("facts").textContent = formatSize(file.size);
  progress.setAttribute("aria-label", `Progress of ${file.name}`);
  partOf(element, "answer-details", HTMLDetailsElement).open = openAnswer;
  showKind(element, file.name);
  for (const button of buttons) button.addEventListener("click", () => onAction(button.dataset.action as CardAction));

  return {
    element,
    show(state) {
      element.dataset.phase = state.phase;
      element.ariaBusy = String(actionsOf(state).has("cancel"));
      text("state").textContent = describeState(state);
      showProgress(progress, fractionOf(state));
      text("refusal").hidden = state.phase !== "refused";
      if (state.phase === "refused") showRefusal(text("refusal"), state.refusal);
      showAnswer(element, state);
      if (state.phase === "stored") showDelivered(element, state.file);
      partOf(element, "link", HTMLAnchorElement).hidden = state.phase !== "stored";
      showActions(buttons, actionsOf(state));
    },
    showToken(token) {
      const { header, claims } = decodeToken(token);
      text("token-note").textContent = noteOn(claims);
      text("token-header").textContent = JSON.stringify(header, null, 2);
      text("token-claims").textContent = JSON.stringify(claims, null, 2);
      text("token-text").textContent = token;
    },
    showReplay(refusal) {
      text("replay").hidden = refusal === undefined;
      if (refusal === undefined) return;
      text("replay-reason").textContent = codeOf(refusal);
      showRefusal(text("replay-refusal"), refusal);
    },
  };
}

function showProgress(progress: HTMLProgressElement, fraction: number | undefined): void {
  if (fraction === undefined) progress.removeAttribute("value");
  else progress.value = fraction;
}

function showRefusal(place: HTMLElement, refusal: Refusal): void {
  const copy = copyTemplate("refusal-template");
  partOf(copy, "message", HTMLElement).textContent = refusal.message;
  partOf(copy, "help", HTMLElement).textContent = refusal.help;
  place.replaceChildren(copy);
}

function showAnswer(element: HTMLElement, state: CardState): void {
  const answer = state.phase === "stored" ? state.text : state.phase === "refused" ? state.refusal.text : undefined;
  // While the token is presented again, the answer to its first presentation stays.
  if (answer === undefined && (state.phase === "sending" || state.phase === "processing")) return;
  const status = state.phase === "stored" ? "200" : state.phase === "refused" ? String(state.refusal.status || "") : "";
  partOf(element, "status", HTMLElement).textContent = status;
  const parsed = parseObject(answer ?? "");
  partOf(element, "answer", HTMLElement).textContent =
    parsed === undefined ? (answer ?? "") : JSON.stringify(parsed, null, 2);
}

/** A focused button that goes away hands the focus on, so that the keyboard does not start at the top of the page. */
function showActions(buttons: readonly HTMLButtonElement[], actions: ReadonlySet<CardAction>): void {
  const focused = buttons.find((button) => button === document.activeElement);
  for (const button of buttons) button.hidden = !actions.has(button.dataset.action as CardAction);
  if (focused?.hidden) buttons.find((button) => !button.hidden)?.focus();
}

function noteOn({ iat, exp }: Readonly<Record<string, unknown>>): string {
  const until = new Date(Number(exp) * 1000).toLocaleTimeString();
  return `Signed for ${Number(exp) - Number(iat)} seconds, until ${until}. Anybody can read it; only the private key can sign another.`;
}
