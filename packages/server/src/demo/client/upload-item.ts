import { type Card, createCard } from "./card.ts";
import type { CardAction, CardState, StoredFile } from "./card-state.ts";
import type { RunInLane } from "./lanes.ts";
import { Refusal, readRefusal } from "./refusal.ts";
import type { Admission, TokenSource } from "./request-token.ts";
import type { FormAnswer, SendObserver } from "./send-form.ts";
import { present, type UploadOptions, upload } from "./upload.ts";

export interface UploadContext {
  readonly options: UploadOptions;
  readonly source: TokenSource;
  readonly runInLane: RunInLane;
  readonly openAnswer: boolean;
  announce(message: string): void;
  onStored(file: StoredFile): void;
}

/** Uploads a file and lets its card's buttons cancel, retry and present the token again. Returns the card's element. */
export function startUpload(file: File, context: UploadContext): HTMLElement {
  let current = new AbortController();
  let admission: Admission | undefined;
  let settled: CardState = { phase: "waiting" };
  const actions: Record<CardAction, () => void> = {
    cancel: () => current.abort(),
    retry: () => void attempt(),
    replay: () => void replay(),
  };
  const card = createCard(file, (action) => actions[action](), context.openAnswer);

  const attempt = async (): Promise<void> => {
    const { signal } = begin();
    admission = undefined;
    card.showReplay(undefined);
    card.show({ phase: "waiting" });
    let late = false;
    const observer = {
      ...observe(card, false, () => {
        late = true;
      }),
      askingForToken: () => card.show({ phase: "token" }),
      admitted: (admitted: Admission) => {
        admission = admitted;
        card.showToken(admitted.token);
      },
    };
    try {
      const { options, source } = context;
      stored(await context.runInLane(() => upload(file, options, source, observer, signal), signal));
    } catch (error) {
      settle(signal.aborted ? { phase: "cancelled", late } : refused(error));
    }
  };

  const replay = async (): Promise<void> => {
    const { signal } = begin();
    if (admission === undefined) return;
    const admitted = admission;
    card.showReplay(undefined);
    card.show({ phase: "sending", sent: 0, total: file.size, again: true });
    try {
      const answer = await context.runInLane(() => present(file, admitted, observe(card, true), signal), signal);
      // The first answer may have come from before the token was looked at: then this was its one attempt.
      if (answer.status === 200) return stored(answer);
      card.show(settled);
      refusedAgain(readRefusal(answer.status, answer.text));
    } catch (error) {
      card.show(settled);
      if (!signal.aborted) refusedAgain(toRefusal(error));
    }
  };

  const begin = (): AbortController => {
    current = new AbortController();
    return current;
  };
  const refused = (error: unknown): CardState => {
    const refusal = toRefusal(error);
    return { phase: "refused", refusal, spent: admission !== undefined && refusal.status !== 0 };
  };
  const refusedAgain = (refusal: Refusal): void => {
    card.showReplay(refusal);
    context.announce(`${file.name}: the same token was refused. ${refusal.message}`);
  };
  const stored = ({ text }: FormAnswer): void => {
    const answer: StoredFile = JSON.parse(text);
    settle({ phase: "stored", file: answer, text });
    context.onStored(answer);
  };
  const settle = (state: CardState): void => {
    settled = state;
    card.show(state);
    const problem = state.phase === "refused" ? `. ${state.refusal.message}` : "";
    context.announce(`${file.name}: ${state.phase}${problem}`);
  };

  void attempt();
  return card.element;
}

function observe(card: Card, again: boolean, onSent?: () => void): SendObserver {
  return {
    sending: (sent: number, total: number) => card.show({ phase: "sending", sent, total, again }),
    sent: () => {
      onSent?.();
      card.show({ phase: "processing", again });
    },
  };
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const help = "This is a fault of the demo page; please report it.";
  return new Refusal(0, { message: String(error), reason: "PAGE_ERROR", help });
}
